import { decodeMasks, promptTokens } from '@samgpu/sam';
import type { ImagePreprocessing, Variant } from '@samgpu/variant';

import { maskDecoder, repVitM1 } from './config.ts';
import { encodeImage, STRIDE } from './image-encoder.ts';
import { stabilityScores } from './stability-scores.ts';

/** As SAM's own. */
export const preprocessing: ImagePreprocessing = {
  size: maskDecoder.imageSize,
  fit: 'longest-side',
  rounding: 'half-up',
  resample: { shrink: 'pillow-bilinear', enlarge: 'pillow-bilinear' },
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
  coordinates: 'scaled',
};

/**
 * EdgeSAM: all of a variant but where its weights lie, which the user brings.
 *
 * Masks are scored by their stability: see {@link stabilityScores}.
 */
export const edgeSam: Omit<Variant, 'weights'> = {
  name: 'edge-sam',
  title: 'EdgeSAM',
  description: '10 M parameters, made for phones; non-commercial weights that you bring',
  licence: {
    name: 'LicenseRef-S-Lab-1.0',
    note:
      'The weights of EdgeSAM are under the S-Lab License 1.0 of Nanyang Technological University: ' +
      'non-commercial use only. samgpu therefore neither contains nor downloads them.',
  },
  preprocessing,
  capabilities: { includePoints: true, excludePoints: true, boxes: true, previousMask: true },
  masks: {
    logitSize: (4 * maskDecoder.imageSize) / STRIDE,
    upsample: 'two-step',
    threshold: 0,
    inclusive: false,
    stabilityOffset: 1,
    single: 0,
    multiple: [1, 2, 3],
    // Of the order of what models of this family give inside and outside of a sure mask.
    logitLimit: 10,
  },
  boxCorners: 'edges',
  tokens: promptTokens,
  encode: (image, weights) => ({
    embedding: encodeImage(image, weights.at('image_encoder'), repVitM1),
  }),
  decode({ embedding }, prompts, weights) {
    const { logits } = decodeMasks(embedding!, prompts, weights, maskDecoder);
    return { logits, scores: stabilityScores(logits) };
  },
};
