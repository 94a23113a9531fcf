import type { RelativePoint } from '@samgpu/mask';

/** How far finding everything has come. */
export interface EverythingProgress {
  /** Points of the grids that have been tried. */
  readonly points: number;
  /** Points to try. A second pass adds to them when it begins. */
  readonly total: number;
  /** Masks so far, duplicates of one object counted once. */
  readonly found: number;
  /** Which of the parts of the picture is looked at, from 1; 1 is the whole picture. */
  readonly crop: number;
  readonly crops: number;
}

/** How a second pass looks where the first one found nothing. */
export interface SecondPassOptions {
  /**
   * Its grid, of which only the points that no mask covers are tried. Default: twice that of the
   * first pass.
   */
  readonly pointsPerSide?: number;
}

/**
 * How everything in a picture is found. The names and defaults are those of the official
 * `SamAutomaticMaskGenerator`; a model may bring other defaults, as SAM 2 does.
 */
export interface EverythingOptions {
  /** Points per side of the grid over the picture. @defaultValue 32 */
  readonly pointsPerSide?: number;
  /**
   * Points of your own instead of a grid, 0 to 1 across the picture: one list for each layer of
   * crops, the whole picture first.
   */
  readonly pointGrids?: readonly (readonly RelativePoint[])[];
  /**
   * Points that go through the decoder at once, 1 to 1024. Powers of two leave no place in a batch
   * empty. What is found does not depend on it. @defaultValue 64
   */
  readonly pointsPerBatch?: number;
  /** Masks that the model scores no better are dropped; 0 keeps all. @defaultValue 0.88 */
  readonly predIouThreshold?: number;
  /** Masks less stable are dropped, see `stabilityScore`; 0 keeps all. @defaultValue 0.95 */
  readonly stabilityThreshold?: number;
  /** How far from the mask's threshold stability looks. @defaultValue 1 */
  readonly stabilityOffset?: number;
  /** Of masks whose boxes overlap more, the best one stays. @defaultValue 0.7 */
  readonly boxNmsThreshold?: number;
  /**
   * Look again at parts of the picture, for small objects: 2 by 2 parts in layer 1, 4 by 4 in
   * layer 2 and so on. Each part is encoded on its own. @defaultValue 0
   */
  readonly cropLayers?: number;
  /** As `boxNmsThreshold`, between masks of different parts. @defaultValue 0.7 */
  readonly cropNmsThreshold?: number;
  /** How far parts overlap, as a share of the picture's shorter side. @defaultValue 512 / 1500 */
  readonly cropOverlapRatio?: number;
  /** The grid of layer n has `pointsPerSide / cropPointsDownscale ** n` points. @defaultValue 1 */
  readonly cropPointsDownscale?: number;
  /** Holes and islands with fewer pixels are removed from masks; 0 leaves them. @defaultValue 0 */
  readonly minMaskRegionArea?: number;
  /**
   * Feed each mask back once, with its point, before it is judged (`use_m2m` of SAM 2). Finer, and
   * four times the work of the decoder. @defaultValue false
   */
  readonly refine?: boolean;
  /**
   * Which of its ways of answering a model with several takes, by name (`variant.masks.answers`).
   *
   * @defaultValue the first
   */
  readonly mode?: string;
  /**
   * What overlaps: the boxes, as in the official code, or the masks themselves, which keeps objects
   * that cross or surround each other. @defaultValue 'boxes'
   */
  readonly overlap?: 'boxes' | 'masks';
  /**
   * Look once more, with a denser grid, where no mask lies. @defaultValue false
   */
  readonly secondPass?: boolean | SecondPassOptions;
  readonly onProgress?: (progress: EverythingProgress) => void;
  /**
   * Gives up with the signal's reason. What was found until then stays at hand:
   * `EverythingRun.found()`.
   */
  readonly signal?: AbortSignal;
}
