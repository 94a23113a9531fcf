/** SAM itself: encoder, stages and answers of cases of it. */
import { conv2d, layerNorm, type Tensor, type Weights } from '@samgpu/graph';
import { answersTo } from '@samgpu/variant';

import type { ImageEncoderConfig } from '../config.ts';
import {
  embedPatches,
  encodeBlocks,
  encodeImage,
  neck,
  relativeAttention,
  WINDOW,
} from '../image-encoder.ts';
import { attendToPrompts, decodeMasks } from '../mask-decoder.ts';
import { samVitB } from '../sam.ts';
import { weightShapes } from '../weight-shapes.ts';
import {
  type CaseConfig,
  type DecoderCase,
  type NetworkCase,
  openPictureCase,
  type PromptCase,
  type Stage,
} from './case.ts';
import { fixture } from './golden.ts';

const NORM = { epsilon: 1e-6 };

/** Both networks of the fixtures: heads of 64 channels, and of 80 as in ViT-H. */
export function openNetworks(): Promise<NetworkCase[]> {
  return Promise.all(
    ['sam_vit_192_256/landscape', 'sam_vit_240_256/landscape'].map((path) =>
      openSamCase(fixture(path)),
    ),
  );
}

/** @param directory - of `case.json` */
export async function openSamCase(directory: string): Promise<NetworkCase> {
  const picture = await openPictureCase(directory, (config, decoder) =>
    weightShapes(vitConfig(config), decoder),
  );
  const encoder = vitConfig(picture.golden.description['config'] as CaseConfig);
  return {
    ...picture,
    ...samDecoder(picture),
    encode: (image, w) => ({ embedding: encodeImage(image, w.at('image_encoder'), encoder) }),
    stages: (image, w) => vitStages(image, w.at('image_encoder'), encoder),
  };
}

/** The sizes of the ViT that a case is of. */
export function vitConfig(config: CaseConfig): ImageEncoderConfig {
  const { embed_dim, depth, num_heads, global_attn_indexes } = config as unknown as {
    readonly embed_dim: number;
    readonly depth: number;
    readonly num_heads: number;
    readonly global_attn_indexes: readonly number[];
  };
  return { width: embed_dim, depth, heads: num_heads, globalBlocks: global_attn_indexes };
}

/** SAM's decoder, and `multimask_output` of its predictor, on and off. */
export function samDecoder({ decoder }: PromptCase): Pick<DecoderCase, 'decode' | 'answers'> {
  return {
    decode: ({ embedding }, prompts, w) => ({
      ...attendToPrompts(embedding!, prompts, w, decoder),
      ...decodeMasks(embedding!, prompts, w, decoder),
    }),
    answers: {
      multi: (scores) => answersTo(samVitB, scores, { count: 'multiple' }),
      single: (scores) => answersTo(samVitB, scores),
    },
  };
}

/** @param w - the place of the image encoder */
export function vitStages(
  image: Tensor,
  w: Weights,
  encoder: ImageEncoderConfig,
): Record<string, Stage> {
  const embedded = embedPatches(image, w);
  const first = w.at('blocks.0');
  const normed = layerNorm(embedded, first.at('norm1'), NORM);
  const blocks = encodeBlocks(image, w, encoder);
  const last = blocks.at(-1)!;
  return {
    patch_embed_pos: { map: embedded, layout: 'rows' },
    'block0.attn': {
      map: relativeAttention(normed, first.at('attn'), encoder.heads, WINDOW),
      layout: WINDOW,
    },
    ...Object.fromEntries(
      blocks.map((map, index): [string, Stage] => [`block${index}`, { map, layout: 'rows' }]),
    ),
    // The neck is a convolutional network, with channels first.
    'neck.1': {
      map: layerNorm(conv2d(last, w.at('neck.0')), w.at('neck.1'), NORM),
      layout: 'planes',
    },
    neck: { map: neck(last, w.at('neck')), layout: 'planes' },
  };
}
