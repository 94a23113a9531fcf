/** A whole network, or a decoder by itself, as the checks of this folder see it. */
import type { Tensor, Weights } from '@samgpu/graph';
import type { AnswerRequest, PromptTensors, Variant } from '@samgpu/variant';

/** Features of a picture, by name. */
export type Features = Readonly<Record<string, Tensor>>;

/** A map, and how the official code holds it. */
export interface Stage {
  readonly map: Tensor; // [n, height, width, channels], or anything else in rows
  /** Row by row, channels first, or in windows of this side. */
  readonly layout: 'rows' | 'planes' | number;
}

/** What a decoder had before its masks, under the official names. */
export interface DecoderStages {
  /** Prompt tokens, `[prompts, tokens, 256]`. */
  readonly sparse: Tensor;
  /** A previous mask, encoded, `[prompts, height, width, 256]`; models without that lack it. */
  readonly dense?: Tensor;
  /** Code of every cell, `[1, height, width, 256]`. */
  readonly dense_pe: Tensor;
  /** All tokens after the two-way transformer, the prompt's last: `[prompts, tokens, 256]`. */
  readonly tokens_out: Tensor;
  readonly src_out: Tensor; // [prompts, height, width, 256]
  readonly upscaled: Tensor; // [prompts, 4 height, 4 width, 32]
}

export interface Network {
  /** Sized as the case says. */
  readonly variant: Variant;
  /** What the encoder goes through, by official name. Those that a case does not hold are left out. */
  readonly stages: (image: Tensor, w: Weights) => Readonly<Record<string, Stage>>;
  /** Maps that the decoder takes besides the embedding, in the order of `interm.0`, `interm.1`, … */
  readonly early?: (image: Tensor, w: Weights) => readonly Tensor[];
  /** Stages whose limit holds for the maps of `early`. */
  readonly earlyStages?: readonly string[];
  /** The decoder's stages; its masks are the variant's. */
  readonly decoderStages: (features: Features, prompts: PromptTensors, w: Weights) => DecoderStages;
  /**
   * The tokens that the official code has for a prompt, as places among ours.
   *
   * @param labels - of our tokens, without absent ones
   * @defaultValue each of them once
   */
  readonly officialTokens?: (labels: readonly number[]) => readonly number[];
  /**
   * Features from the formula inputs of a case without encoder, maps with channels last.
   *
   * @defaultValue the input `image_embedding` as `embedding`
   */
  readonly featuresOf?: (inputs: Features, w: Weights) => Features;
  /**
   * How the variant is asked for what the official predictor gives with these options.
   *
   * @throws UnsupportedCaseError for options that are not known
   */
  readonly request: (options: Readonly<Record<string, unknown>>) => AnswerRequest;
}
