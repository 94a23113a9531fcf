/** Sizes of a SAM image encoder. Numbers are those of `build_sam.py` in segment-anything. */
export interface ImageEncoderConfig {
  /** Channels of the blocks. */
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Blocks that attend over the whole grid. The others attend within windows. */
  readonly globalBlocks: readonly number[];
  /** Side of those windows in patches. @defaultValue 14, as published */
  readonly window?: number;
}

export const vitB: ImageEncoderConfig = {
  width: 768,
  depth: 12,
  heads: 12,
  globalBlocks: [2, 5, 8, 11],
};
export const vitL: ImageEncoderConfig = {
  width: 1024,
  depth: 24,
  heads: 16,
  globalBlocks: [5, 11, 17, 23],
};
export const vitH: ImageEncoderConfig = {
  width: 1280,
  depth: 32,
  heads: 16,
  globalBlocks: [7, 15, 23, 31],
};

/** Sizes of the mask decoder, which all models of the family share. */
export interface MaskDecoderConfig {
  /** Side of the square input in pixels. */
  readonly imageSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly masks: number;
}

export const maskDecoder: MaskDecoderConfig = { imageSize: 1024, layers: 2, heads: 8, masks: 4 };
