import type { Bitmap, Box, Logits, Mask } from '@samgpu/mask';

import type { Point } from '../geometry/index.ts';

/**
 * One object to segment: any combination of points, a box and a previous mask.
 *
 * All coordinates are pixels of the original image, x to the right, y down.
 */
export interface Prompt {
  readonly points?: readonly Point[];
  /** A box around the object. What lies outside the image is cut off. */
  readonly box?: Box;
  /**
   * A mask to start from: one that the model gave (its logits are fed back), bare logits of it
   * (`mask_input` of official predictors), or any other mask, which is converted. Together with further
   * points it corrects a mask.
   */
  readonly mask?: Mask | Bitmap | Logits;
  /**
   * Largest logit, either way, that a mask made of pixels is fed with: less than usual for one that is
   * only a hint, such as a stroke. @defaultValue the model's, `variant.masks.logitLimit`
   */
  readonly maskLimit?: number;
}

export interface SegmentOptions {
  /**
   * Return the alternatives that the model offers for an ambiguous prompt, best first, instead of
   * its one answer. `'all'`: every mask that it gives, where its official predictor offers that (SAM's
   * family; EdgeSAM's `num_multimask_outputs=4`).
   *
   * @defaultValue false
   */
  readonly multimask?: boolean | 'all';
  /**
   * Which of its ways of answering a model with several takes, by name (`variant.masks.answers`).
   * HQ-SAM: `summed`, or `hq-only` for the mask of high quality alone. EdgeSAM: scores by `stability`,
   * or as `predicted`.
   *
   * @defaultValue the first of them
   */
  readonly mode?: string;
  /**
   * Keep only the connected pieces that lie under the points to include. Stray islands of similar
   * colour are common after a single click.
   *
   * @defaultValue false
   */
  readonly connected?: boolean;
  /**
   * Leave pixels of masks unmade until they are looked at: for alternatives that may never be. Where
   * masks are enlarged on a GPU they are made there all the same. @defaultValue false
   */
  readonly lazy?: boolean;
  /** Where the masks are to be. @defaultValue 'memory', that of JavaScript */
  readonly output?: 'memory';
  /** Gives up with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** For masks that are drawn where they are: nothing is read back. */
export interface GpuSegmentOptions extends Pick<SegmentOptions, 'multimask' | 'mode' | 'signal'> {
  readonly output: 'gpu';
}

/** How long the parts of a `segment` call took, in milliseconds. */
export interface SegmentTimings {
  /** Prompts through the mask decoder; where masks are enlarged on the GPU, that too. */
  readonly decode: number;
  /** Logits to masks at the size of the image. */
  readonly masks: number;
}

/** What came out for one prompt. */
export interface Segmentation {
  /** At least one; the best by the model's own score first. */
  readonly masks: readonly Mask[];
  /** `masks[0]`. */
  readonly mask: Mask;
  /** Which of the decoder's masks each of `masks` is, as the rules of `variant.masks.answers` count. */
  readonly outputs: readonly number[];
  /** Of the whole call, which may have had several prompts. */
  readonly timings: SegmentTimings;
}
