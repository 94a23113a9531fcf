import type { MaskDecoderConfig } from '@samgpu/sam';

/** Sizes of an image encoder. Numbers are those of `build_efficient_sam.py`. */
export interface ImageEncoderConfig {
  /** Channels of the blocks. */
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
}

export const vitTiny: ImageEncoderConfig = { width: 192, depth: 12, heads: 3 };
export const vitSmall: ImageEncoderConfig = { width: 384, depth: 12, heads: 6 };

/** The mask decoder, which has SAM's sizes. */
export const maskDecoder: MaskDecoderConfig = { imageSize: 1024, layers: 2, heads: 8, masks: 4 };

/** Tokens that a prompt is cut or padded to. The network has only ever seen this many. */
export const PROMPT_TOKENS = 6;
