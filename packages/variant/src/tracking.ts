/** What a model offers beside its image encoder to follow objects through a video. */
import type { Tensor, Weights } from '@samgpu/graph';

import type { ImagePreprocessing } from './preprocess.ts';
import type { PromptTensors } from './prompt.ts';

/** What is remembered of other frames, for each object. */
export interface MemoryTensors {
  /** By object, then by frame: `[1, cells, width]` as {@link Tracking.remember} gave it. */
  readonly memories: readonly (readonly Tensor[])[];
  /**
   * When those frames were, i32 `[objects, frames]`: 0 for the frame before this one, counting on, and
   * `frames - 1` of {@link MemorySizes} for a conditioning frame; -1 for one that takes no part.
   */
  readonly ages: Tensor;
  /** `[objects, pointers, pointerWidth]` */
  readonly pointers: Tensor;
  /** Frames since a pointer's over the most that there may be, negative for later ones, `[objects, pointers]`. */
  readonly distances: Tensor;
  /** 1 for a pointer, 0 for what only fills up, `[objects, pointers]`. */
  readonly hasPointer: Tensor;
}

/** What a frame says of each object. */
export interface TrackedOutput {
  /** Of the mask that was chosen, `[objects, height, width]`. */
  readonly logits: Tensor;
  /** Predicted intersection over union of that mask, `[objects]`. */
  readonly score: Tensor;
  /** Of all masks, `[objects, masks]`. */
  readonly scores: Tensor;
  /** `[objects, pointerWidth]` */
  readonly pointers: Tensor;
  /** Above 0 where the object is on the frame, `[objects]`. */
  readonly objectScore: Tensor;
}

/** Masks that are to be remembered. */
export interface MaskTensors {
  /** `[objects, height, width]` */
  readonly logits: Tensor;
  /** 1 for a mask that a user gave or clicked, which counts as it is seen, `[objects]`. */
  readonly isGiven: Tensor;
  /** `[objects]` */
  readonly objectScore: Tensor;
}

export interface MemorySizes {
  /** Frames whose memories are told apart by when they were: conditioning ones count as one. */
  readonly frames: number;
  /** Pointers of how many frames are looked at, this one included. */
  readonly pointers: number;
  readonly pointerWidth: number;
  /** Cells of a memory, and numbers of each. */
  readonly cells: number;
  readonly width: number;
}

/** What stands for a mask that a user gave. */
export type PointedOutput = Pick<TrackedOutput, 'pointers' | 'objectScore'>;

type Features = Readonly<Record<string, Tensor>>;

export interface Tracking {
  /** How frames become the input of the image encoder. */
  readonly preprocessing: ImagePreprocessing;
  readonly memory: MemorySizes;
  /** Holes of at most so many cells in the logits are filled. */
  readonly fillHoles: number;
  /** Prompts of up to so many points are answered by the best of the alternatives. */
  readonly pointsWithAlternatives: number;
  /**
   * Records how a frame is seen in the light of memories.
   *
   * @param features - what `encode` gave for the frame
   * @returns in place of the frame's own embedding, for {@link track}
   */
  recall(features: Features, memories: MemoryTensors, weights: Weights): Tensor;
  /**
   * Records how objects are found on a frame.
   *
   * @param recalled - what {@link recall} gave; undefined for the first look at an object, when there
   * is nothing to remember
   * @param takesBest - 1 where the best of the alternatives answers, `[objects]`
   */
  track(
    features: Features,
    recalled: Tensor | undefined,
    prompts: PromptTensors,
    takesBest: Tensor,
    weights: Weights,
  ): TrackedOutput;
  /** Records what is to be remembered of a frame and masks on it: `[objects, cells, width]`. */
  remember(features: Features, masks: MaskTensors, weights: Weights): Tensor;
  /**
   * Records what points to an object whose mask a user gave.
   *
   * @param features - of its frame
   * @param mask - 0 and 1, `[1, size, size, 1]`
   */
  pointTo(features: Features, mask: Tensor, weights: Weights): PointedOutput;
}
