import type { MaskDecoderConfig, VariantIdentity } from '@samgpu/sam';
import type { ImagePreprocessing, Variant, WeightFile, WeightNaming } from '@samgpu/variant';

import { type ImageEncoderConfig, maskDecoder, vitSmall, vitTiny } from './config.ts';
import { encodeImage, PATCH } from './image-encoder.ts';
import { decodeMasks } from './mask-decoder.ts';
import { promptTokens } from './prompt-encoder.ts';
import { weightShapes } from './weight-shapes.ts';

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

const official: WeightNaming = {
  name: 'official',
  marks: ['image_encoder.patch_embed.proj.weight', 'prompt_encoder.invalid_points.weight'],
};

/** An EfficientSAM of these sizes. */
export function defineEfficientSam(
  identity: VariantIdentity,
  encoder: ImageEncoderConfig,
  decoder: MaskDecoderConfig = maskDecoder,
): Variant {
  return {
    ...identity,
    licence: { name: 'Apache-2.0' },
    weightNames: [official],
    weightShapes: () => weightShapes(encoder, decoder),
    preprocessing: { ...preprocessing, size: decoder.imageSize },
    // A point to exclude would have no embedding of its own, and there is no input for a mask.
    capabilities: { includePoints: true, excludePoints: false, boxes: true, previousMask: false },
    masks: {
      logitSize: (4 * decoder.imageSize) / PATCH,
      upsample: 'bicubic-direct',
      threshold: 0,
      inclusive: true,
      stabilityOffset: 1,
      answers: [
        {
          name: 'default',
          description: 'One mask, or three alternatives',
          single: { masks: [0] },
          multiple: { masks: [1, 2, 3] },
        },
      ],
      // Never used: no mask is fed back.
      logitLimit: 0,
    },
    boxCorners: 'edges',
    tokens: promptTokens,
    encode: (image, weights) => ({
      embedding: encodeImage(image, weights.at('image_encoder'), encoder),
    }),
    decode: ({ embedding }, prompts, weights) => decodeMasks(embedding!, prompts, weights, decoder),
  };
}

/**
 * The files lie in the official repository, so their ids in git are their hashes. This is what
 * github.com/…/raw/… leads to; browsers may read it from here only.
 */
function published(file: string, gitBlob: string): WeightFile {
  const folder = 'https://raw.githubusercontent.com/yformer/EfficientSAM/main/weights/';
  return { kind: 'file', url: new URL(file, folder), gitBlob };
}

/** EfficientSAM-Ti. */
export const efficientSamTiny: Variant = defineEfficientSam(
  {
    name: 'efficient-sam-ti',
    title: 'EfficientSAM-Ti',
    description: '10 M parameters; clicks and boxes',
    weights: published('efficient_sam_vitt.pt', 'af883c49e33c68f01107be52df0ecad26a48355f'),
  },
  vitTiny,
);

/** EfficientSAM-S. */
export const efficientSamSmall: Variant = defineEfficientSam(
  {
    name: 'efficient-sam-s',
    title: 'EfficientSAM-S',
    description: '26 M parameters; clicks and boxes',
    weights: published('efficient_sam_vits.pt.zip', 'fa4e9f05f753e109dbde052f97d37903b833cf53'),
  },
  vitSmall,
);
