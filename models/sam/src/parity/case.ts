/** Whole official networks, and decoders by themselves, as the checks of this folder see them. */
import { join } from 'node:path';

import type { Tensor, Weights } from '@samgpu/graph';
import { type FormulaWeightStore, openParityCase, type ParityCase } from '@samgpu/testing';
import type { Answer, DecoderOutput, ImagePreprocessing, PromptTensors } from '@samgpu/variant';
import { readImage } from 'samgpu';

import {
  Frame,
  preprocessImage,
  type PreprocessedImage,
} from '../../../../packages/samgpu/src/preprocess/index.ts';
import { maskDecoder, type MaskDecoderConfig } from '../config.ts';
import type { WeightShapes } from '../weight-shapes.ts';

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

/** Prompts, and what official weights are replaced by. */
export interface PromptCase {
  readonly golden: ParityCase;
  readonly weights: FormulaWeightStore;
  readonly decoder: MaskDecoderConfig;
  readonly frame: Frame;
  readonly prompts: readonly CasePrompt[];
  /** Pixels of the masks, by prompt and answer, such as `p1.multi`. */
  readonly maskAreas: (tag: string) => readonly number[];
  readonly limits: CaseLimits;
}

/** The same on a picture. */
export interface PictureCase extends PromptCase {
  /** The picture as the encoder takes it, made by samgpu. */
  readonly image: PreprocessedImage;
  /**
   * The largest error of an encoder stage: 20 times what float64 differs from float32 there, and
   * not less than 1e-5, by the rule that the limits of the case follow.
   */
  readonly stageLimit: (stage: string) => number;
}

export type Features = Readonly<Record<string, Tensor>>;

/** What a decoder gives, and what it had before the masks. */
export interface Decoded extends DecoderOutput {
  readonly tokens: Tensor;
  readonly map: Tensor;
}

/** A decoder to be checked. */
export interface DecoderCase extends PromptCase {
  readonly decode: (features: Features, prompts: PromptTensors, w: Weights) => Decoded;
  /** By the end of their names in the case, as `multi`. */
  readonly answers: Readonly<Record<string, (scores: readonly number[]) => readonly Answer[]>>;
}

/** A map of an encoder, and how the official code holds it. */
export interface Stage {
  readonly map: Tensor; // [1, height, width, channels]
  /** Row by row, channels first, or in windows of this side. */
  readonly layout: 'rows' | 'planes' | number;
}

/** A network to be checked. */
export interface NetworkCase extends DecoderCase, PictureCase {
  /** What the decoder takes, by name; `embedding` is one of them. */
  readonly encode: (image: Tensor, w: Weights) => Features;
  /** What the encoder goes through, by name. Those that a case does not hold are left out. */
  readonly stages: (image: Tensor, w: Weights) => Readonly<Record<string, Stage>>;
}

/** What all encoders have in a `case.json`. The rest of it is the model's. */
export interface CaseConfig extends Readonly<Record<string, unknown>> {
  readonly pixel_mean: readonly [number, number, number];
  readonly pixel_std: readonly [number, number, number];
  readonly decoder: { readonly image_size: number };
}

interface Description {
  readonly config: CaseConfig;
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

/** The tensors of a checkpoint, for networks of the sizes that a case has. */
export type ShapesOf = (config: CaseConfig, decoder: MaskDecoderConfig) => WeightShapes;

/** @param directory - of `case.json` */
export async function openPromptCase(directory: string, shapesOf: ShapesOf): Promise<PromptCase> {
  const golden = await openParityCase(directory);
  const { config, prompts, outputs, tolerance, ...described } = descriptionOf(golden);
  const decoder = { ...maskDecoder, imageSize: config.decoder.image_size };
  const [height, width] = described.original_size;
  return {
    golden,
    weights: golden.weights(shapesOf(config, decoder)),
    decoder,
    frame: new Frame({ width, height }, preprocessing(config)),
    prompts,
    maskAreas: (tag) => outputs[tag]!.mask_area,
    limits: tolerance.float64_vs_float32.suggested,
  };
}

/** The same with the picture that the case was made from. */
export async function openPictureCase(directory: string, shapesOf: ShapesOf): Promise<PictureCase> {
  const prompts = await openPromptCase(directory, shapesOf);
  const { config, image, tolerance } = descriptionOf(prompts.golden);
  const { stages } = tolerance.float64_vs_float32.measured;
  const pixels = await readImage(join(directory, image.file));
  return {
    ...prompts,
    image: preprocessImage(pixels, preprocessing(config)),
    stageLimit: (stage) => Math.max(1e-5, 20 * stages[stage]!.max_abs),
  };
}

function descriptionOf({ description }: ParityCase): Description {
  return description as unknown as Description;
}

function preprocessing({ decoder, pixel_mean, pixel_std }: CaseConfig): ImagePreprocessing {
  return {
    size: decoder.image_size,
    fit: 'longest-side',
    rounding: 'half-up',
    resample: { shrink: 'pillow-bilinear', enlarge: 'pillow-bilinear' },
    mean: pixel_mean,
    std: pixel_std,
    coordinates: 'scaled',
  };
}
