import { reshape, type Weights } from '@samgpu/graph';
import {
  attendToPrompts,
  encodeDense,
  encodeGrid,
  encodeTokens,
  type MaskDecoderConfig,
  upscale,
} from '@samgpu/sam';
import type { PromptTensors } from '@samgpu/variant';

import type { DecoderStages, Features } from '../network/network.ts';

/**
 * Stages of SAM's decoder and of those that are made like it.
 *
 * @param attend - tokens and map after the two-way transformer, where it is not SAM's own
 */
export function samDecoderStages(
  { embedding }: Features,
  prompts: PromptTensors,
  w: Weights,
  decoder: MaskDecoderConfig,
  attend: typeof attendToPrompts = attendToPrompts,
): DecoderStages {
  const encoder = w.at('prompt_encoder');
  const [, height, width, channels] = embedding!.shape as [number, number, number, number];
  const { tokens, map } = attend(embedding!, prompts, w, decoder);
  return {
    sparse: encodeTokens(prompts, encoder, decoder.imageSize),
    dense: encodeDense(prompts, encoder),
    dense_pe: reshape(encodeGrid(encoder, height, width), [1, height, width, channels]),
    tokens_out: tokens,
    src_out: map,
    upscaled: upscale(map, w.at('mask_decoder.output_upscaling')),
  };
}
