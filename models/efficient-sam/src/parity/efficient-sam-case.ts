/** Cases of EfficientSAM: pictures and prompts, and what is fine in float32. */
import { join } from 'node:path';

import { openParityCase } from '@samgpu/testing';
import { readImage } from 'samgpu';

import { Frame, preprocessImage } from '../../../../packages/samgpu/src/preprocess/index.ts';
import type {
  CaseLimits,
  CasePrompt,
  PictureCase,
  PromptCase,
} from '../../../sam/src/parity/case.ts';
import { type ImageEncoderConfig, maskDecoder } from '../config.ts';
import { preprocessing } from '../efficient-sam.ts';
import { weightShapes } from '../weight-shapes.ts';

interface Description {
  readonly config: {
    readonly image_size: number;
    readonly embed_dim: number;
    readonly depth: number;
    readonly num_heads: number;
  };
  readonly image: { readonly file: string };
  readonly original_size: readonly [height: number, width: number];
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

/** A case on a picture, and the encoder that it is of. */
export interface EfficientCase extends PictureCase {
  readonly encoder: ImageEncoderConfig;
}

/** A case without encoder. @param directory - of `case.json` */
export async function openDecoderCase(directory: string): Promise<PromptCase> {
  const golden = await openParityCase(directory);
  const { config, prompts, outputs, tolerance, ...described } =
    golden.description as unknown as Description;
  const decoder = { ...maskDecoder, imageSize: config.image_size };
  const [height, width] = described.original_size;
  return {
    golden,
    weights: golden.weights(weightShapes(encoderOf(config), decoder)),
    decoder,
    frame: new Frame({ width, height }, { ...preprocessing, size: config.image_size }),
    prompts,
    maskAreas: (tag) => outputs[tag]!.mask_area,
    limits: tolerance.float64_vs_float32.suggested,
  };
}

/** @param directory - of `case.json` */
export async function openEfficientCase(directory: string): Promise<EfficientCase> {
  const prompts = await openDecoderCase(directory);
  const { config, image, tolerance } = prompts.golden.description as unknown as Description;
  const { stages } = tolerance.float64_vs_float32.measured;
  const pixels = await readImage(join(directory, image.file));
  return {
    ...prompts,
    encoder: encoderOf(config),
    image: preprocessImage(pixels, { ...preprocessing, size: config.image_size }),
    stageLimit: (stage) => Math.max(1e-5, 20 * stages[stage]!.max_abs),
  };
}

function encoderOf({ embed_dim, depth, num_heads }: Description['config']): ImageEncoderConfig {
  return { width: embed_dim, depth, heads: num_heads };
}
