import type { Tensor, Weights } from '@samgpu/graph';
import { encodeLayers } from '@samgpu/mobile-sam';
import { encodeBlocks, type MaskDecoderConfig } from '@samgpu/sam';
import { attendWithDetails, defineHqSam, defineHqTinySam, fuseDetails } from '@samgpu/sam-hq';
import type { AnswerRequest } from '@samgpu/variant';

import { asObject } from '../core/description.ts';
import type { Family } from '../core/family.ts';
import { UnreadableCaseError } from '../core/result.ts';
import { checkNetwork } from '../network/check-network.ts';
import type { Features, Network } from '../network/network.ts';
import { samDecoderStages } from './decoder-stages.ts';
import {
  type Config,
  expectFlag,
  expectSettings,
  identityOf,
  multimaskRequest,
  samDecoderConfig,
  withPixelStatistics,
} from './settings.ts';
import { tinyVitConfig, tinyVitStages } from './tiny-vit.ts';
import { vitConfig, vitStages } from './vit.ts';

/** HQ-SAM with any of SAM's ViTs, or with TinyViT: the settings tell which. */
export const samHq: Family = {
  name: 'HQ-SAM',
  matches: ({ variant }) => variant.startsWith('hq_'),
  check: (folder) =>
    checkNetwork(folder, ({ variant, config }) => {
      expectSettings(asObject(config['hq'] ?? {}, 'config.hq'), { interm_index: 0 });
      return config['embed_dims'] === undefined
        ? vitNetwork(variant, config)
        : tinyVitNetwork(variant, config);
    }),
};

function vitNetwork(name: string, config: Config): Network {
  const encoder = vitConfig(config);
  const decoder = samDecoderConfig(config);
  const blocks = [...encoder.globalBlocks].sort((a, b) => a - b);
  return {
    variant: withPixelStatistics(defineHqSam(identityOf(name), encoder, decoder), config, 255),
    stages: (image, w) => vitStages(image, w.at('image_encoder'), encoder),
    early(image, w) {
      const maps = encodeBlocks(image, w.at('image_encoder'), encoder);
      return blocks.map((index) => maps[index]!);
    },
    earlyStages: blocks.map((index) => `block${index}`),
    ...hqDecoder(decoder),
  };
}

function tinyVitNetwork(name: string, config: Config): Network {
  const encoder = tinyVitConfig(config);
  const decoder = samDecoderConfig(config);
  return {
    variant: withPixelStatistics(defineHqTinySam(identityOf(name), encoder, decoder), config, 255),
    stages: (image, w) => tinyVitStages(image, w.at('image_encoder'), encoder),
    early: (image, w) => [encodeLayers(image, w.at('image_encoder'), encoder)[1]!],
    earlyStages: ['layers.1'],
    ...hqDecoder(decoder),
  };
}

function hqDecoder(
  decoder: MaskDecoderConfig,
): Pick<Network, 'decoderStages' | 'featuresOf' | 'request'> {
  return {
    decoderStages: (features, prompts, w) =>
      samDecoderStages(features, prompts, w, decoder, attendWithDetails),
    featuresOf(inputs: Features, w: Weights) {
      const { image_embedding: embedding, interm_embedding_0: early } = inputs;
      if (embedding === undefined || early === undefined) {
        throw new UnreadableCaseError(
          'case.json: formula_inputs lack image_embedding or interm_embedding_0',
        );
      }
      const details: Tensor = fuseDetails({ embedding, early }, w.at('mask_decoder'));
      return { embedding, details };
    },
    request: hqRequest,
  };
}

/** `hq_token_only` of the official predictor beside `multimask_output`. */
function hqRequest({ hq_token_only: hqOnly, ...others }: Config): AnswerRequest {
  return {
    ...multimaskRequest(others),
    mode: expectFlag('hq_token_only', hqOnly) ? 'hq-only' : 'summed',
  };
}
