import { defineMobileSam } from '@samgpu/mobile-sam';

import type { Family } from '../core/family.ts';
import { checkNetwork } from '../network/check-network.ts';
import { samDecoderStages } from './decoder-stages.ts';
import { identityOf, multimaskRequest, samDecoderConfig, withPixelStatistics } from './settings.ts';
import { tinyVitConfig, tinyVitStages } from './tiny-vit.ts';

/** MobileSAM, or SAM's decoder behind a TinyViT of other sizes. */
export const mobileSam: Family = {
  name: 'MobileSAM',
  matches: ({ variant }) => variant.startsWith('mobile_sam'),
  check: (folder) =>
    checkNetwork(folder, ({ variant, config }) => {
      const encoder = tinyVitConfig(config);
      const decoder = samDecoderConfig(config);
      return {
        variant: withPixelStatistics(
          defineMobileSam(identityOf(variant), encoder, decoder),
          config,
          255,
        ),
        stages: (image, w) => tinyVitStages(image, w.at('image_encoder'), encoder),
        decoderStages: (features, prompts, w) => samDecoderStages(features, prompts, w, decoder),
        request: multimaskRequest,
      };
    }),
};
