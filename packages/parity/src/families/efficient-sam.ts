import { reshape, type Tensor, type Weights } from '@samgpu/graph';
import {
  attendToPrompts,
  defineEfficientSam,
  embedPatches,
  encodeTokens,
  type ImageEncoderConfig,
  maskDecoder,
  PROMPT_TOKENS,
  transformerBlock,
  upscale,
} from '@samgpu/efficient-sam';
import { encodeGrid, type MaskDecoderConfig, neck } from '@samgpu/sam';
import { type PromptTensors, TokenLabel } from '@samgpu/variant';

import { numberAt } from '../core/description.ts';
import type { Family } from '../core/family.ts';
import { checkNetwork } from '../network/check-network.ts';
import type { DecoderStages, Features, Stage } from '../network/network.ts';
import {
  type Config,
  expectSettings,
  identityOf,
  multimaskRequest,
  withPixelStatistics,
} from './settings.ts';

type Shape4 = readonly [number, number, number, number];

/** EfficientSAM-Ti, S, or one of other sizes. */
export const efficientSam: Family = {
  name: 'EfficientSAM',
  matches: ({ variant }) => variant.startsWith('efficient_sam'),
  check: (folder) =>
    checkNetwork(folder, ({ variant, config }) => {
      const encoder = encoderConfig(config);
      const decoder = { ...maskDecoder, imageSize: numberAt(config, 'image_size') };
      return {
        variant: withPixelStatistics(
          defineEfficientSam(identityOf(variant), encoder, decoder),
          config,
          1,
        ),
        stages: (image, w) => encoderStages(image, w.at('image_encoder'), encoder),
        decoderStages: (features, prompts, w) => decoderStages(features, prompts, w, decoder),
        officialTokens: withAllPaddings,
        request: multimaskRequest,
      };
    }),
};

/** One padding stands for all that the official code has. */
function withAllPaddings(labels: readonly number[]): number[] {
  const padding = labels.indexOf(TokenLabel.padding);
  return Array.from({ length: PROMPT_TOKENS }, (_, token) =>
    padding === -1 ? token : Math.min(token, padding),
  );
}

function encoderConfig(config: Config): ImageEncoderConfig {
  expectSettings(config, {
    patch_size: 16,
    mlp_ratio: 4,
    layer_norm_eps: 1e-6,
    max_points: PROMPT_TOKENS,
    decoder_activation: 'gelu',
    upscaling_dims: [64, 32],
    upscaling_norm: 'GroupNorm(1)',
    num_multimask_outputs: 3,
  });
  return {
    width: numberAt(config, 'embed_dim'),
    depth: numberAt(config, 'depth'),
    heads: numberAt(config, 'num_heads'),
  };
}

function encoderStages(
  image: Tensor,
  w: Weights,
  encoder: ImageEncoderConfig,
): Record<string, Stage> {
  const map = embedPatches(image, w);
  const [, height, width, channels] = map.shape as Shape4;
  let x = reshape(map, [1, height * width, channels]);
  const stages: Record<string, Stage> = { patch_embed_pos: { map: x, layout: 'rows' } };
  for (let i = 0; i < encoder.depth; i++) {
    x = transformerBlock(x, w.at(`blocks.${i}`), encoder.heads);
    stages[`block${i}`] = { map: x, layout: 'rows' };
  }
  const last = reshape(x, [1, height, width, channels]);
  return { ...stages, neck: { map: neck(last, w.at('neck')), layout: 'planes' } };
}

function decoderStages(
  { embedding }: Features,
  prompts: PromptTensors,
  w: Weights,
  decoder: MaskDecoderConfig,
): DecoderStages {
  const encoder = w.at('prompt_encoder');
  const [, height, width, channels] = embedding!.shape as Shape4;
  const { tokens, map } = attendToPrompts(embedding!, prompts, w, decoder);
  return {
    sparse: encodeTokens(prompts, encoder, decoder.imageSize),
    dense_pe: reshape(encodeGrid(encoder, height, width), [1, height, width, channels]),
    tokens_out: tokens,
    src_out: map,
    upscaled: upscale(map, w.at('mask_decoder.final_output_upscaling_layers')),
  };
}
