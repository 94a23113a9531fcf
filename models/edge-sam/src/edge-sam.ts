import { concat } from '@samgpu/graph';
import {
  decodeMasks,
  type MaskDecoderConfig,
  samConventions,
  type VariantIdentity,
} from '@samgpu/sam';
import type { AnswerMode, AnswerRule, Variant, WeightNaming } from '@samgpu/variant';

import { type ImageEncoderConfig, maskDecoder, repVitM1 } from './config.ts';
import { encodeImage } from './image-encoder.ts';
import { stabilityScores } from './stability-scores.ts';
import { weightShapes } from './weight-shapes.ts';

const official: WeightNaming = {
  name: 'official',
  marks: ['image_encoder.features.0.0.c.weight', 'mask_decoder.iou_token.weight'],
};

/** Stability of each mask comes first, what the network predicts for each behind it. */
function answers(masks: number): readonly AnswerMode[] {
  const rule = (chosen: readonly number[], first: number): AnswerRule => ({
    masks: chosen,
    scores: chosen.map((mask) => first + mask),
  });
  const mode = (name: string, description: string, first: number): AnswerMode => ({
    name,
    description,
    single: rule([0], first),
    multiple: rule([1, 2, 3], first),
    all: rule([0, 1, 2, 3], first),
  });
  return [
    mode('stability', 'Scored by how little a mask changes with its threshold', 0),
    mode('predicted', 'Scored by the network, which was not taught to', masks),
  ];
}

/** An EdgeSAM of these sizes. */
export function defineEdgeSam(
  identity: VariantIdentity,
  encoder: ImageEncoderConfig = repVitM1,
  decoder: MaskDecoderConfig = maskDecoder,
): Variant {
  const conventions = samConventions(decoder.imageSize);
  return {
    ...identity,
    licence: {
      name: 'LicenseRef-S-Lab-1.0',
      note:
        'The weights of EdgeSAM are under the S-Lab License 1.0 of Nanyang Technological University: ' +
        'non-commercial use only. samgpu therefore neither contains nor downloads them.',
    },
    weightNames: [official],
    weightShapes: () => weightShapes(encoder, decoder),
    ...conventions,
    masks: { ...conventions.masks, answers: answers(decoder.masks) },
    encode: (image, weights) => ({
      embedding: encodeImage(image, weights.at('image_encoder'), encoder),
    }),
    decode({ embedding }, prompts, weights) {
      const { logits, scores } = decodeMasks(embedding!, prompts, weights, decoder);
      return { logits, scores: concat([stabilityScores(logits), scores], 1) };
    },
  };
}

/**
 * EdgeSAM, whose weights the user brings.
 *
 * Its official predictor offers one mask, three or all four, scored by stability or by prediction.
 * Its authors recommend the former: see {@link stabilityScores}.
 */
export const edgeSam: Variant = defineEdgeSam({
  name: 'edge-sam',
  title: 'EdgeSAM',
  description: '10 M parameters, made for phones; non-commercial weights that you bring',
  weights: {
    kind: 'brought',
    reason:
      'they are under the S-Lab License 1.0 of Nanyang Technological University, which allows non-commercial use only',
    from: new URL('https://huggingface.co/spaces/chongzhou/EdgeSAM/tree/main/weights'),
    files: ['edge_sam_3x.pth', 'edge_sam.pth'],
  },
});
