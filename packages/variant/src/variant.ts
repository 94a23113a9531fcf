import type { Tensor, Weights } from '@samgpu/graph';

import type { AnswerMode } from './answers.ts';
import type { ImagePreprocessing } from './preprocess.ts';
import type { FramePrompt, PromptTensors, PromptToken } from './prompt.ts';
import type { WeightNaming } from './weight-names.ts';
import type { WeightSource } from './weight-source.ts';
import type { Tracking } from './tracking.ts';

/** Under which terms a model may be used. */
export interface Licence {
  /** SPDX identifier, for example `Apache-2.0`. */
  readonly name: string;
  /** What its terms mean for the user, where that is not obvious. */
  readonly note?: string;
}

/** How low-resolution logits become a mask of the picture. */
export interface MaskOutput {
  /** Side of the square logits, in cells. */
  readonly logitSize: number;
  /**
   * `two-step`: bilinearly to the square input, cropped to the picture's part of it, then
   * bilinearly to the picture. The others go straight to the picture.
   */
  readonly upsample: 'two-step' | 'bilinear-direct' | 'bicubic-direct';
  /** A pixel belongs to the mask above this logit, or at it if `inclusive`. */
  readonly threshold: number;
  readonly inclusive: boolean;
  /** Distance from the threshold at which the stability score looks. */
  readonly stabilityOffset: number;
  /** The ways in which the model may be asked, at least one; the first unless a caller names another. */
  readonly answers: readonly AnswerMode[];
  /**
   * Which answer to show first where a prompt may mean several things, as one click may.
   *
   * @defaultValue 'multiple', the best of the alternatives by score
   */
  readonly ambiguous?: 'single' | 'multiple';
  /** Largest logit, either way, that a mask made of pixels is fed back with. */
  readonly logitLimit: number;
}

/** What kinds of prompts a model understands. */
export interface Capabilities {
  readonly includePoints: boolean;
  readonly excludePoints: boolean;
  readonly boxes: boolean;
  readonly previousMask: boolean;
}

/** Defaults of finding everything by a grid of points, where they are not those of SAM's generator. */
export interface EverythingDefaults {
  /** Least predicted quality of a mask. SAM's is 0.88. */
  readonly predIouThreshold?: number;
  /** Least stability of a mask. SAM's is 0.95. */
  readonly stabilityThreshold?: number;
  /** How far from the mask's threshold stability looks. SAM's is 1. */
  readonly stabilityOffset?: number;
  /** Whether each mask is fed back once before it is judged. SAM's is not. */
  readonly refine?: boolean;
  /**
   * Where small holes and islands are removed: in finished `masks`, as SAM does, or in the `logits`
   * that they are made of.
   */
  readonly smallRegions?: 'masks' | 'logits';
}

/** What a decoder gives. */
export interface DecoderOutput {
  /** `[prompts, masks, height, width]` */
  readonly logits: Tensor;
  /**
   * How good each mask is in the model's own opinion, `[prompts, scores]`: usually one score per mask,
   * its predicted intersection over union with the truth. An {@link AnswerMode} says which score goes
   * with which mask.
   */
  readonly scores: Tensor;
}

/**
 * A promptable segmentation model: data about it and the functions that record its two graphs.
 *
 * It holds no weights and does nothing by itself, so that importing it costs almost nothing.
 */
export interface Variant {
  /** Short and unique: what the user types. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly licence: Licence;
  readonly weights: WeightSource;
  /**
   * How checkpoints of it name their tensors, the official way first. `encode` and `decode` take
   * official names.
   *
   * @defaultValue names are taken as they are
   */
  readonly weightNames?: readonly WeightNaming[];
  /** Every tensor of an official checkpoint, by official name. */
  readonly weightShapes?: () => ReadonlyMap<string, readonly number[]>;
  readonly preprocessing: ImagePreprocessing;
  readonly capabilities: Capabilities;
  readonly masks: MaskOutput;
  /** Default: as SAM. */
  readonly everything?: EverythingDefaults;
  /**
   * Which pixels a box's corners name: `edges` of the box, or the outermost pixels in it.
   */
  readonly boxCorners: 'edges' | 'pixels';
  /** Orders a prompt's points and box corners, and adds the paddings that the model expects. */
  tokens(prompt: FramePrompt): readonly PromptToken[];
  /**
   * Records the image encoder.
   *
   * @param image - `[1, size, size, 3]`, preprocessed
   * @returns the features that `decode` takes, by name
   */
  encode(image: Tensor, weights: Weights): Readonly<Record<string, Tensor>>;
  /**
   * Records prompt encoder and mask decoder.
   *
   * @param features - what `encode` gave for one image, `[1, …]` each
   */
  decode(
    features: Readonly<Record<string, Tensor>>,
    prompts: PromptTensors,
    weights: Weights,
  ): DecoderOutput;
  /** For models that follow objects through a video. */
  readonly tracking?: Tracking;
}
