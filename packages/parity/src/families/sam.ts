import { defineSam } from '@samgpu/sam';

import type { Family } from '../core/family.ts';
import { checkNetwork } from '../network/check-network.ts';
import { samDecoderStages } from './decoder-stages.ts';
import { identityOf, multimaskRequest, samDecoderConfig, withPixelStatistics } from './settings.ts';
import { vitConfig, vitStages } from './vit.ts';

/** SAM with ViT-B, L, H, or a ViT of any size. */
export const sam: Family = {
  name: 'SAM',
  matches: ({ variant }) => /^sam_vit_(?!h_blocks$)/.test(variant),
  check: (folder) =>
    checkNetwork(folder, ({ variant, config }) => {
      const encoder = vitConfig(config);
      const decoder = samDecoderConfig(config);
      return {
        variant: withPixelStatistics(defineSam(identityOf(variant), encoder, decoder), config, 255),
        stages: (image, w) => vitStages(image, w.at('image_encoder'), encoder),
        decoderStages: (features, prompts, w) => samDecoderStages(features, prompts, w, decoder),
        request: multimaskRequest,
      };
    }),
};
