import type { Box } from '@samgpu/mask';

import type { PixelImage } from '../image-source/index.ts';

/** Where a grounder thinks that something is. */
export interface GroundedBox {
  /** In pixels of the picture. What lies outside of it is cut off. */
  readonly box: Box;
  /** How sure it is, 0 to 1. */
  readonly score: number;
  /** Which of the words this is. Default: all of them. */
  readonly label?: string;
}

export interface GroundOptions {
  /** Gives up. The answer of a grounder that goes on nevertheless is not waited for. */
  readonly signal?: AbortSignal;
  /**
   * Boxes of lower scores are of no use to the caller. Default: the grounder's own threshold, as
   * scores of different detectors do not compare.
   */
  readonly minScore?: number;
}

/**
 * Words to boxes: an open-vocabulary detector, or a vision-language model. Adapters to real ones are
 * in `@samgpu/text`.
 */
export interface Grounder {
  /** For people: of the detector, or where it is. */
  readonly name: string;
  /**
   * @param picture - upright sRGB, opaque: what was transparent lies over white. Shared: not to be
   *   written to
   * @param words - trimmed, never empty, as the user wrote them. How several things are told apart
   *   is up to the grounder.
   * @returns in any order, with duplicates or without; none where there is nothing of the kind
   */
  ground(
    picture: PixelImage,
    words: string,
    options: GroundOptions,
  ): Promise<readonly GroundedBox[]>;
}
