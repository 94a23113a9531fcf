import {
  add,
  axisSize,
  cast,
  concat,
  expand,
  gather,
  greater,
  less,
  lessOrEqual,
  maximum,
  mul,
  reduceMax,
  REMOVED_KEY,
  reshape,
  sub,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import {
  type MemoryTensors,
  type PointedOutput,
  type PromptTensors,
  TokenLabel,
  type TrackedOutput,
} from '@samgpu/variant';

import { bestAlternative, firstMask, singleAnswer, whereRow } from './choose-mask.ts';
import { EMBEDDING, type MemoryConfig, type Sam2Config } from './config.ts';
import { sineCode } from './grid-codes.ts';
import type { ImageFeatures } from './image-encoder.ts';
import { decodeMasks } from './mask-decoder.ts';
import { attendToMemories, type Memories } from './memory-attention.ts';
import { objectPointer, pointerCodes, pointerTokens, shrinkMask } from './object-pointer.ts';

/** Logits of a mask of an object that is not on the frame. */
const ABSENT = -1024;

/**
 * The embedding of a frame in the light of what is remembered of each object
 * (`_prepare_memory_conditioned_features` of sam2_base.py).
 *
 * @param embedding - of the frame alone, `[1, height, width, 256]`
 * @param w - the checkpoint
 * @returns `[objects, height, width, 256]`
 */
export function recall(
  embedding: Tensor,
  given: MemoryTensors,
  w: Weights,
  config: MemoryConfig,
): Tensor {
  const [, height, width] = embedding.shape as [number, number, number];
  const cells = height * width;
  const memories = joinMemories(given, w, config, [height, width]);
  const attended = attendToMemories(
    reshape(embedding, [1, cells, EMBEDDING]),
    memories,
    w.at('memory_attention'),
    config,
    [height, width],
  );
  return reshape(attended, [-1, height, width, EMBEDDING]);
}

/** Memories of frames, then pointers, in one row of tokens for each object. */
export function joinMemories(
  { memories, ages, pointers, distances, hasPointer }: MemoryTensors,
  w: Weights,
  config: MemoryConfig,
  [height, width]: readonly [number, number],
): Memories {
  const cells = height * width;
  const [objects, frames] = ages.shape as [number, number];
  const channels = config.width;
  const ofFrames = concat(
    memories.map((own) => concat(own, 1)),
    0,
  ); // [objects, frames * cells, channels]

  const table = reshape(w.tensor('maskmem_tpos_enc'), [-1, channels]);
  const times = gather(table, cast(maximum(ages, 0), 'i32')); // [objects, frames, channels]
  const places = reshape(sineCode(w, height, width, channels), [1, 1, cells, channels]);
  const frameCodes = add(reshape(times, [objects, frames, 1, channels]), places);

  const tokensPerPointer = EMBEDDING / channels;
  const missing = (flags: Tensor, repeats: number): Tensor => {
    const [, count] = flags.shape as [number, number];
    const bias = reshape(mul(flags, REMOVED_KEY), [objects, count, 1]);
    return reshape(expand(bias, [objects, count, repeats]), [objects, count * repeats]);
  };
  return {
    tokens: concat([ofFrames, pointerTokens(pointers, config)], 1),
    codes: concat(
      [
        reshape(frameCodes, [objects, frames * cells, channels]),
        pointerCodes(distances, w, config),
      ],
      1,
    ),
    pointerTokens: axisSize(pointers.shape, 1) * tokensPerPointer,
    keyBias: concat(
      [missing(less(ages, 0), cells), missing(sub(1, hasPointer), tokensPerPointer)],
      1,
    ),
  };
}

/**
 * The mask of each object on a frame, and a pointer to it (`_forward_sam_heads`).
 *
 * @param features - of the frame; `embedding` with what is remembered, `[1 or objects, ...]`
 * @param takesBest - 1 where the alternative that scores best is taken, 0 where the mask that is made
 * for answers without alternatives, `[objects]`
 * @param w - the checkpoint
 */
export function trackObjects(
  features: ImageFeatures,
  prompts: PromptTensors,
  takesBest: Tensor,
  w: Weights,
  config: Sam2Config,
): TrackedOutput {
  const { logits, scores, maskTokens, objectScore } = decodeMasks(features, prompts, w, config);
  const [objects, , height, width] = logits.shape as [number, number, number, number];
  const alternative = bestAlternative(scores);
  const single = config.replacesUnstable ? singleAnswer(logits, scores) : firstMask;
  const chosen = whereRow(takesBest, alternative(logits), single(logits));
  const score = whereRow(takesBest, alternative(scores), single(scores));
  // Where no alternative is asked for, the pointer is the first mask's, whichever mask is shown.
  const token = whereRow(takesBest, alternative(maskTokens), firstMask(maskTokens));
  const isAbsent = lessOrEqual(objectScore, 0);
  return {
    logits: reshape(whereRow(isAbsent, ABSENT, chosen), [objects, height, width]),
    score: reshape(score, [objects]),
    scores,
    pointers: objectPointer(token, objectScore, w),
    objectScore: reshape(objectScore, [objects]),
  };
}

/** A sure logit, either way, of a mask that a user gave. */
const GIVEN = 10;

/**
 * What points to an object whose mask a user gave (`_use_mask_as_output`): the decoder's pointer for
 * that mask, on the frame as it is.
 *
 * @param mask - 0 and 1, `[1, size, size, 1]`
 * @param w - the checkpoint
 */
export function pointTo(
  features: ImageFeatures,
  mask: Tensor,
  w: Weights,
  config: Sam2Config,
): PointedOutput {
  // No point at all: one that is none, and the padding that follows every prompt.
  const prompts: PromptTensors = {
    points: w.constant([0, 0, 0, 0], [1, 2, 2]),
    labels: w.constant([TokenLabel.padding, TokenLabel.padding], [1, 2], 'i32'),
    mask: shrinkMask(mask, w),
    hasMask: w.constant([1], [1]),
  };
  const { maskTokens, objectScore } = decodeMasks(features, prompts, w, config);
  const pointer = objectPointer(firstMask(maskTokens), objectScore, w);
  const isThere = reshape(greater(reduceMax(mask, [1, 2, 3]), 0), [1, 1]);
  return {
    pointers: whereRow(isThere, pointer, w.tensor('no_obj_ptr')),
    objectScore: reshape(sub(mul(isThere, 2 * GIVEN), GIVEN), [1]),
  };
}
