import type { MaskDecoderConfig } from '@samgpu/sam';

/** One block of the image encoder. */
export interface BlockConfig {
  /** Output channels. */
  readonly width: number;
  /** 2 halves the map. */
  readonly stride: 1 | 2;
  /** Whether channels are weighted by what the whole map holds. */
  readonly squeeze: boolean;
}

/** Sizes of an image encoder. */
export interface ImageEncoderConfig {
  /** Channels of the stem. */
  readonly width: number;
  readonly blocks: readonly BlockConfig[];
}

/**
 * RepViT-M1, the only encoder that EdgeSAM is published with: four stages of 48, 96, 192 and 384
 * channels, in each of which every other block squeezes until the last ones.
 */
export const repVitM1: ImageEncoderConfig = {
  width: 48,
  blocks: [
    ...stage({ width: 48, first: 1, length: 3, squeezing: [0] }),
    ...stage({ width: 96, first: 2, length: 4, squeezing: [1] }),
    ...stage({ width: 192, first: 2, length: 16, squeezing: [1, 3, 5, 7, 9, 11, 13] }),
    ...stage({ width: 384, first: 2, length: 3, squeezing: [1] }),
  ],
};

/** The mask decoder is SAM's. */
export const maskDecoder: MaskDecoderConfig = { imageSize: 1024, layers: 2, heads: 8, masks: 4 };

interface StageConfig {
  readonly width: number;
  /** Stride of the first block. The others have 1. */
  readonly first: 1 | 2;
  readonly length: number;
  /** Blocks that squeeze, counted from the stage's first. */
  readonly squeezing: readonly number[];
}

function stage({ width, first, length, squeezing }: StageConfig): BlockConfig[] {
  return Array.from({ length }, (_, index) => ({
    width,
    stride: index === 0 ? first : 1,
    squeeze: squeezing.includes(index),
  }));
}
