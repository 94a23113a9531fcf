/** A whole official network at reduced size, one picture and prompts on it. */
import type { FormulaWeightStore, ParityCase } from '@samgpu/testing';
import { readImage } from 'samgpu';

import {
  preprocessImage,
  type PreprocessedImage,
} from '../../../../packages/samgpu/src/preprocess/index.ts';
import { type ImageEncoderConfig, maskDecoder, type MaskDecoderConfig } from '../config.ts';
import { weightShapes } from '../weight-shapes.ts';
import { fixture, openFixture } from './golden.ts';

/** A prompt in pixels of the picture. */
export interface CasePrompt {
  readonly name: string;
  readonly points?: readonly (readonly [x: number, y: number])[];
  readonly labels?: readonly number[];
  readonly box?: readonly [left: number, top: number, right: number, bottom: number];
  readonly mask_input?: { readonly tensor: string; readonly index: number };
}

/** What a case allows in float32. */
export interface CaseLimits {
  readonly embedding_max_abs: number;
  readonly low_res_max_abs: number;
  readonly iou_max_abs: number;
  readonly mask_min_iou: number;
}

interface Description {
  readonly config: {
    readonly embed_dim: number;
    readonly depth: number;
    readonly num_heads: number;
    readonly global_attn_indexes: readonly number[];
    readonly pixel_mean: readonly [number, number, number];
    readonly pixel_std: readonly [number, number, number];
    readonly decoder: { readonly image_size: number };
  };
  readonly image: { readonly file: string };
  readonly prompts: readonly CasePrompt[];
  readonly outputs: Readonly<Record<string, { readonly mask_area: readonly number[] }>>;
  readonly tolerance: {
    readonly float64_vs_float32: {
      readonly measured: {
        readonly stages: Readonly<Record<string, { readonly max_abs: number }>>;
      };
      readonly suggested: CaseLimits;
    };
  };
}

export interface NetworkCase {
  readonly golden: ParityCase;
  readonly weights: FormulaWeightStore;
  readonly encoder: ImageEncoderConfig;
  readonly decoder: MaskDecoderConfig;
  /** The picture as the encoder takes it, made by samgpu. */
  readonly image: PreprocessedImage;
  readonly prompts: readonly CasePrompt[];
  /** Pixels of the masks that a prompt gives, by prompt and `multi` or `single`. */
  readonly maskAreas: (tag: string) => readonly number[];
  readonly limits: CaseLimits;
  /**
   * The largest error of an encoder stage: 20 times what float64 differs from float32 there, and
   * not less than 1e-5, by the rule that the limits of the case follow.
   */
  readonly stageLimit: (stage: string) => number;
}

async function openNetworkCase(folder: string): Promise<NetworkCase> {
  const golden = await openFixture(folder);
  const { config, image, prompts, outputs, tolerance } =
    golden.description as unknown as Description;
  const { measured, suggested } = tolerance.float64_vs_float32;
  const encoder: ImageEncoderConfig = {
    width: config.embed_dim,
    depth: config.depth,
    heads: config.num_heads,
    globalBlocks: config.global_attn_indexes,
  };
  const decoder = { ...maskDecoder, imageSize: config.decoder.image_size };
  const pixels = await readImage(fixture(`${folder}/${image.file}`));
  return {
    golden,
    weights: golden.weights(weightShapes(encoder, decoder)),
    encoder,
    decoder,
    image: preprocessImage(pixels, {
      size: decoder.imageSize,
      fit: 'longest-side',
      rounding: 'half-up',
      resample: { shrink: 'pillow-bilinear', enlarge: 'pillow-bilinear' },
      mean: config.pixel_mean,
      std: config.pixel_std,
      coordinates: 'scaled',
    }),
    prompts,
    maskAreas: (tag) => outputs[tag]!.mask_area,
    limits: suggested,
    stageLimit: (stage) => Math.max(1e-5, 20 * measured.stages[stage]!.max_abs),
  };
}

/** Both networks of the fixtures: heads of 64 channels, and of 80 as in ViT-H. */
export function openNetworks(): Promise<NetworkCase[]> {
  return Promise.all(
    ['sam_vit_192_256/landscape', 'sam_vit_240_256/landscape'].map(openNetworkCase),
  );
}
