import type { ImagePreprocessing, Variant } from '@samgpu/variant';

import { type ImageEncoderConfig, maskDecoder, vitSmall, vitTiny } from './config.ts';
import { encodeImage, PATCH } from './image-encoder.ts';
import { decodeMasks } from './mask-decoder.ts';
import { promptTokens } from './prompt-encoder.ts';

/** The picture is stretched to a square, without smoothing where it shrinks. */
export const preprocessing: ImagePreprocessing = {
  size: maskDecoder.imageSize,
  fit: 'squash',
  rounding: 'half-up', // Nothing is left to round.
  resample: { shrink: 'torch-bilinear', enlarge: 'torch-bilinear' },
  mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
  std: [0.229 * 255, 0.224 * 255, 0.225 * 255],
  coordinates: 'scaled',
};

/** All of a variant but where its weights lie. */
export type Definition = Omit<Variant, 'weights'>;

function define(
  own: Pick<Variant, 'name' | 'title' | 'description'>,
  encoder: ImageEncoderConfig,
): Definition {
  return {
    ...own,
    licence: { name: 'Apache-2.0' },
    preprocessing,
    // A point to exclude would have no embedding of its own, and there is no input for a mask.
    capabilities: { includePoints: true, excludePoints: false, boxes: true, previousMask: false },
    masks: {
      logitSize: (4 * maskDecoder.imageSize) / PATCH,
      upsample: 'bicubic-direct',
      threshold: 0,
      inclusive: true,
      stabilityOffset: 1,
      single: 0,
      multiple: [1, 2, 3],
      // Never used: no mask is fed back.
      logitLimit: 0,
    },
    boxCorners: 'edges',
    tokens: promptTokens,
    encode: (image, weights) => ({
      embedding: encodeImage(image, weights.at('image_encoder'), encoder),
    }),
    decode: ({ embedding }, prompts, weights) =>
      decodeMasks(embedding!, prompts, weights, maskDecoder),
  };
}

/** EfficientSAM-Ti: 10 million parameters. */
export const efficientSamTiny: Definition = define(
  {
    name: 'efficient-sam-ti',
    title: 'EfficientSAM-Ti',
    description: '10 M parameters, clicks and boxes',
  },
  vitTiny,
);

/** EfficientSAM-S: 26 million parameters. */
export const efficientSamSmall: Definition = define(
  {
    name: 'efficient-sam-s',
    title: 'EfficientSAM-S',
    description: '26 M parameters, clicks and boxes',
  },
  vitSmall,
);
