import {
  defineEdgeSam,
  enlarge,
  fuseStages,
  repVitBlock,
  repVitM1,
  stageEnds,
  stem,
} from '@samgpu/edge-sam';
import { conv2d, type Tensor, type Weights } from '@samgpu/graph';
import { neck } from '@samgpu/sam';
import type { AnswerCount, AnswerRequest } from '@samgpu/variant';

import type { Family } from '../core/family.ts';
import { UnsupportedCaseError } from '../core/result.ts';
import { checkNetwork } from '../network/check-network.ts';
import type { Stage } from '../network/network.ts';
import { samDecoderStages } from './decoder-stages.ts';
import {
  type Config,
  expectFlag,
  expectNoOptions,
  expectSettings,
  identityOf,
  samDecoderConfig,
  withPixelStatistics,
} from './settings.ts';

/** EdgeSAM, whose encoder comes in one size. */
export const edgeSam: Family = {
  name: 'EdgeSAM',
  matches: ({ variant }) => variant.startsWith('edge_sam'),
  check: (folder) =>
    checkNetwork(folder, ({ variant, config }) => {
      expectSettings(config, {
        arch: 'rep_vit_m1',
        fuse: true,
        upsample_mode: 'bicubic',
        batch_norm_eps: 1e-5,
      });
      const decoder = samDecoderConfig(config);
      return {
        variant: withPixelStatistics(
          defineEdgeSam(identityOf(variant), repVitM1, decoder),
          config,
          255,
        ),
        stages: (image, w) => repVitStages(image, w.at('image_encoder')),
        decoderStages: (features, prompts, w) => samDecoderStages(features, prompts, w, decoder),
        request: edgeRequest,
      };
    }),
};

/** @param w - the place of the image encoder */
function repVitStages(image: Tensor, w: Weights): Record<string, Stage> {
  const stages: Record<string, Tensor> = {};
  let x = stem(image, w.at('features.0'));
  stages['stem'] = x;
  repVitM1.blocks.forEach((block, index) => {
    x = repVitBlock(x, w.at(`features.${index + 1}`), block);
    stages[`block${index}`] = x;
  });
  stageEnds(repVitM1).forEach((end, index) => {
    stages[`stage${index}`] = stages[`block${end}`]!;
  });
  const [fine, coarse] = [stages['stage2']!, stages['stage3']!];
  stages['fuse_stage2'] = conv2d(fine, w.at('fuse_stage2'));
  stages['fuse_stage3'] = enlarge(conv2d(coarse, w.at('fuse_stage3.op_list.0')));
  stages['fused'] = fuseStages(fine, coarse, w);
  stages['neck'] = neck(stages['fused'], w.at('neck'));
  return Object.fromEntries(
    Object.entries(stages).map(([name, map]): [string, Stage] => [name, { map, layout: 'planes' }]),
  );
}

const COUNTS: ReadonlyMap<unknown, AnswerCount> = new Map([
  [1, 'single'],
  [3, 'multiple'],
  [4, 'all'],
]);

/** `num_multimask_outputs` and `use_stability_score` of the official predictor. */
function edgeRequest(options: Config): AnswerRequest {
  const { num_multimask_outputs: masks, use_stability_score: stable = false, ...others } = options;
  expectNoOptions(others);
  const count = COUNTS.get(masks);
  if (count === undefined) {
    throw new UnsupportedCaseError(
      `option num_multimask_outputs is ${JSON.stringify(masks)}, wanted 1, 3 or 4`,
    );
  }
  return { count, mode: expectFlag('use_stability_score', stable) ? 'stability' : 'predicted' };
}
