import type { Tensor, Weights } from '@samgpu/graph';
import { type TinyVitConfig } from '@samgpu/mobile-sam';
import {
  huggingFaceNames,
  type ImageEncoderConfig,
  maskDecoder,
  type MaskDecoderConfig,
  type NameRule,
  samConventions,
  type VariantIdentity,
} from '@samgpu/sam';
import type { AnswerMode, Variant, WeightNaming } from '@samgpu/variant';

import { fuseDetails } from './fuse-details.ts';
import { type EncodedImage, encodeTinyVit, encodeVit } from './image-encoder.ts';
import { decodeMasks } from './mask-decoder.ts';
import { tinyVitWeightShapes, vitWeightShapes } from './weight-shapes.ts';

/** What `SamHQModel` of transformers has beside SAM's tensors (its convert_samhq_to_hf.py). */
const HUGGING_FACE_RULES: readonly NameRule[] = [
  ['mask_decoder.hq_token.', 'mask_decoder.hf_token.'],
  ['mask_decoder.hq_mask_mlp.', 'mask_decoder.hf_mlp.'],
  ['mask_decoder.compress_vit_conv1.', 'mask_decoder.compress_vit_feat.0.'],
  ['mask_decoder.compress_vit_norm.', 'mask_decoder.compress_vit_feat.1.'],
  ['mask_decoder.compress_vit_conv2.', 'mask_decoder.compress_vit_feat.3.'],
  ['mask_decoder.encoder_conv1.', 'mask_decoder.embedding_encoder.0.'],
  ['mask_decoder.encoder_norm.', 'mask_decoder.embedding_encoder.1.'],
  ['mask_decoder.encoder_conv2.', 'mask_decoder.embedding_encoder.3.'],
  ['mask_decoder.mask_conv1.', 'mask_decoder.embedding_maskfeature.0.'],
  ['mask_decoder.mask_norm.', 'mask_decoder.embedding_maskfeature.1.'],
  ['mask_decoder.mask_conv2.', 'mask_decoder.embedding_maskfeature.3.'],
];

/**
 * `hq_token_only` of the official predictor, off and on. The mask of high quality has no score of its
 * own: it comes with that of the mask that the other mode would give.
 */
const ANSWERS: readonly AnswerMode[] = [
  {
    name: 'summed',
    description:
      "SAM's mask and the one of high quality, added; the best of three where several are asked for",
    single: { masks: [0] },
    multiple: { masks: [1, 2, 3], bestOnly: true },
  },
  {
    name: 'hq-only',
    description: 'The mask of high quality alone',
    single: { masks: [4], scores: [0] },
    multiple: { masks: [4, 4, 4], scores: [1, 2, 3], bestOnly: true },
  },
];

/** An HQ-SAM with SAM's ViT in these sizes. */
export function defineHqSam(
  identity: VariantIdentity,
  encoder: ImageEncoderConfig,
  decoder: MaskDecoderConfig = maskDecoder,
): Variant {
  return {
    ...common(identity, decoder, (image, w) => encodeVit(image, w, encoder)),
    weightNames: [
      officialNames('image_encoder.patch_embed.proj.weight'),
      huggingFaceNames(HUGGING_FACE_RULES, ['mask_decoder.hq_token.weight']),
    ],
    weightShapes: () => vitWeightShapes(encoder, decoder),
  };
}

/** An HQ-SAM with MobileSAM's TinyViT. */
export function defineHqTinySam(
  identity: VariantIdentity,
  encoder: TinyVitConfig,
  decoder: MaskDecoderConfig = maskDecoder,
): Variant {
  return {
    ...common(identity, decoder, (image, w) => encodeTinyVit(image, w, encoder)),
    weightNames: [officialNames('image_encoder.patch_embed.seq.0.c.weight')],
    weightShapes: () => tinyVitWeightShapes(encoder, decoder),
  };
}

function officialNames(mark: string): WeightNaming {
  return { name: 'official', marks: [mark, 'mask_decoder.hf_token.weight'] };
}

function common(
  identity: VariantIdentity,
  decoder: MaskDecoderConfig,
  encode: (image: Tensor, w: Weights) => EncodedImage,
): Variant {
  const conventions = samConventions(decoder.imageSize);
  return {
    ...identity,
    licence: { name: 'Apache-2.0' },
    ...conventions,
    masks: { ...conventions.masks, answers: ANSWERS },
    encode(image, weights) {
      const encoded = encode(image, weights.at('image_encoder'));
      const details = fuseDetails(encoded, weights.at('mask_decoder'));
      return { embedding: encoded.embedding, details };
    },
    decode: ({ embedding, details }, prompts, weights) =>
      decodeMasks({ embedding: embedding!, details: details! }, prompts, weights, decoder),
  };
}
