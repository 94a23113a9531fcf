import type { Variant, WeightNaming } from '@samgpu/variant';

import { type ImageEncoderConfig, maskDecoder, type MaskDecoderConfig } from './config.ts';
import { huggingFaceNames } from './hugging-face-names.ts';
import { encodeImage, PATCH } from './image-encoder.ts';
import { decodeMasks } from './mask-decoder.ts';
import { promptTokens } from './prompt-tokens.ts';
import { weightShapes } from './weight-shapes.ts';

/** What a variant says of itself. */
export type VariantIdentity = Pick<Variant, 'name' | 'title' | 'description' | 'weights'>;

/** What everything that has SAM's prompts and masks has in common. */
export type SamConventions = Pick<
  Variant,
  'preprocessing' | 'capabilities' | 'masks' | 'boxCorners' | 'tokens'
>;

/**
 * How `SamPredictor` treats images, prompts and masks (predictor.py and sam.py of segment-anything).
 *
 * @param imageSize - side of the square input
 */
export function samConventions(imageSize: number): SamConventions {
  return {
    preprocessing: {
      size: imageSize,
      fit: 'longest-side',
      rounding: 'half-up',
      resample: { shrink: 'pillow-bilinear', enlarge: 'pillow-bilinear' },
      mean: [123.675, 116.28, 103.53],
      std: [58.395, 57.12, 57.375],
      coordinates: 'scaled',
    },
    capabilities: { includePoints: true, excludePoints: true, boxes: true, previousMask: true },
    masks: {
      logitSize: (4 * imageSize) / PATCH,
      upsample: 'two-step',
      threshold: 0,
      inclusive: false,
      stabilityOffset: 1,
      answers: [
        {
          name: 'default',
          description: 'One mask, or three alternatives',
          single: { masks: [0] },
          multiple: { masks: [1, 2, 3] },
          all: { masks: [0, 1, 2, 3] },
        },
      ],
      // Of the order of what models of this family give inside and outside of a sure mask.
      logitLimit: 10,
    },
    boxCorners: 'edges',
    tokens: promptTokens,
  };
}

const official: WeightNaming = {
  name: 'official',
  marks: ['image_encoder.patch_embed.proj.weight', 'prompt_encoder.point_embeddings.0.weight'],
};

/** A SAM of these sizes: the published ones, reduced ones, or one of your own training. */
export function defineSam(
  identity: VariantIdentity,
  encoder: ImageEncoderConfig,
  decoder: MaskDecoderConfig = maskDecoder,
): Variant {
  return {
    ...identity,
    licence: { name: 'Apache-2.0' },
    weightNames: [official, huggingFaceNames()],
    weightShapes: () => weightShapes(encoder, decoder),
    ...samConventions(decoder.imageSize),
    encode: (image, weights) => ({
      embedding: encodeImage(image, weights.at('image_encoder'), encoder),
    }),
    decode: ({ embedding }, prompts, weights) => decodeMasks(embedding!, prompts, weights, decoder),
  };
}
