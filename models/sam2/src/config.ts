/** Sizes of a Hiera trunk (Ryali et al., "Hiera", 2023), as `hieradet.py` of SAM 2 has it. */
export interface HieraConfig {
  /** Channels of the first stage; each later one has twice as many, and heads. */
  readonly width: number;
  readonly heads: number;
  /** Blocks of each of the four stages. */
  readonly blocks: readonly [number, number, number, number];
  /** Blocks that attend over the whole map, counted over all stages. */
  readonly globalBlocks: readonly number[];
  /** Sides of the windows of each stage. */
  readonly windows: readonly [number, number, number, number];
  /** Side of the coarse table of positions. */
  readonly positions: number;
}

const tiny: HieraConfig = {
  width: 96,
  heads: 1,
  blocks: [1, 2, 7, 2],
  globalBlocks: [5, 7, 9],
  windows: [8, 4, 14, 7],
  positions: 7,
};

/** The four published sizes, by the names of their checkpoints. */
export const hiera: Readonly<Record<'tiny' | 'small' | 'basePlus' | 'large', HieraConfig>> = {
  tiny,
  small: { ...tiny, blocks: [1, 2, 11, 2], globalBlocks: [7, 10, 13] },
  basePlus: {
    width: 112,
    heads: 2,
    blocks: [2, 3, 16, 3],
    globalBlocks: [12, 16, 20],
    windows: [8, 4, 14, 7],
    positions: 14,
  },
  large: {
    width: 144,
    heads: 2,
    blocks: [2, 6, 36, 4],
    globalBlocks: [23, 33, 43],
    windows: [8, 4, 16, 8],
    positions: 7,
  },
};

/** What memory holds and how it is attended to. The same in all sizes. */
export interface MemoryConfig {
  /** Channels of a memory; object pointers are cut into tokens of as many. */
  readonly width: number;
  /** Layers of memory attention. */
  readonly layers: number;
  /** Memories with a time code of their own: a conditioning frame, and the frames before this one. */
  readonly frames: number;
  /** Blocks that fuse a mask with the features of its frame. */
  readonly fuserBlocks: number;
  /** 2.1: object pointers carry how far away their frame is. */
  readonly timedPointers: boolean;
  /** 2.1: memories of frames without the object are marked. */
  readonly marksAbsence: boolean;
}

export interface Sam2Config {
  readonly encoder: HieraConfig;
  /** Side of the square input in pixels. */
  readonly imageSize: number;
  /** Layers and heads of the two-way transformer, and masks of the decoder. */
  readonly decoder: { readonly layers: number; readonly heads: number; readonly masks: number };
  /**
   * Whether an unstable first mask gives way where one mask is asked for, as the official predictors do
   * by default (`dynamic_multimask_via_stability`).
   */
  readonly replacesUnstable: boolean;
  readonly memory: MemoryConfig;
}

/** What 2.1 changed; the networks are the same otherwise (configs/sam2 and configs/sam2.1). */
export type Sam2Version = '2.0' | '2.1';

export function sam2Config(encoder: HieraConfig, version: Sam2Version): Sam2Config {
  const isNew = version === '2.1';
  return {
    encoder,
    imageSize: 1024,
    decoder: { layers: 2, heads: 8, masks: 4 },
    replacesUnstable: true,
    memory: {
      width: 64,
      layers: 4,
      frames: 7,
      fuserBlocks: 2,
      timedPointers: isNew,
      marksAbsence: isNew,
    },
  };
}

/** Pixels along a side that a cell of the embedding stands for. */
export const STRIDE = 16;
/** Channels of the embedding, of every token and of object pointers. */
export const EMBEDDING = 256;
