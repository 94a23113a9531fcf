import {
  decodeMasks,
  maskDecoder,
  type MaskDecoderConfig,
  samConventions,
  type VariantIdentity,
} from '@samgpu/sam';
import type { Variant, WeightNaming } from '@samgpu/variant';

import { tinyVit, type TinyVitConfig } from './config.ts';
import { encodeImage } from './image-encoder.ts';
import { weightShapes } from './weight-shapes.ts';

const official: WeightNaming = {
  name: 'official',
  marks: ['image_encoder.patch_embed.seq.0.c.weight', 'mask_decoder.iou_token.weight'],
};

/** A MobileSAM of these sizes. */
export function defineMobileSam(
  identity: VariantIdentity,
  encoder: TinyVitConfig = tinyVit,
  decoder: MaskDecoderConfig = maskDecoder,
): Variant {
  return {
    ...identity,
    licence: { name: 'Apache-2.0' },
    weightNames: [official],
    weightShapes: () => weightShapes(encoder, decoder),
    ...samConventions(decoder.imageSize),
    encode: (image, weights) => ({
      embedding: encodeImage(image, weights.at('image_encoder'), encoder),
    }),
    decode: ({ embedding }, prompts, weights) => decodeMasks(embedding!, prompts, weights, decoder),
  };
}

/** MobileSAM: SAM's decoder behind a TinyViT that was taught SAM's embeddings. */
export const mobileSam: Variant = defineMobileSam({
  name: 'mobile-sam',
  title: 'MobileSAM',
  description: '10 M parameters; clicks, boxes and masks',
  weights: {
    kind: 'file',
    // What github.com/…/raw/… leads to. Browsers may read it from here only.
    url: new URL(
      'https://raw.githubusercontent.com/ChaoningZhang/MobileSAM/master/weights/mobile_sam.pt',
    ),
    bytes: 40_728_226,
    sha256: '6dbb90523a35330fedd7f1d3dfc66f995213d81b29a5ca8108dbcdd4e37d6c2f',
  },
});
