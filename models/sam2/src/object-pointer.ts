import {
  concat,
  conv2d,
  cos,
  div,
  expand,
  greater,
  linear,
  reshape,
  sin,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import { perceptron } from '@samgpu/sam';

import { EMBEDDING, type MemoryConfig } from './config.ts';
import { whereRow } from './choose-mask.ts';

const TEMPERATURE = 10_000;

/**
 * The pointer to an object on a frame, or what stands for it where the object is not there.
 *
 * @param maskToken - of the mask that was chosen, `[objects, 1, 256]`
 * @param objectScore - `[objects, 1]`
 * @param w - the checkpoint
 * @returns `[objects, 256]`
 */
export function objectPointer(maskToken: Tensor, objectScore: Tensor, w: Weights): Tensor {
  const [objects] = objectScore.shape as [number];
  const pointer = reshape(perceptron(maskToken, w.at('obj_ptr_proj')), [objects, EMBEDDING]);
  return whereRow(greater(objectScore, 0), pointer, w.tensor('no_obj_ptr'));
}

/**
 * Pointers as tokens of a memory's width: four of each.
 *
 * @param pointers - `[objects, pointers, 256]`
 * @returns `[objects, 4 * pointers, 64]`
 */
export function pointerTokens(pointers: Tensor, { width }: Pick<MemoryConfig, 'width'>): Tensor {
  const [objects, count] = pointers.shape as [number, number];
  return reshape(pointers, [objects, (count * EMBEDDING) / width, width]);
}

/**
 * When the frames of pointers were, for each of their tokens. SAM 2.0 does not say.
 *
 * @param distances - frames since then, over the most that may be, `[objects, pointers]`
 * @param w - the checkpoint
 * @returns `[objects, 4 * pointers, 64]`
 */
export function pointerCodes(
  distances: Tensor,
  w: Weights,
  { width, timedPointers }: Pick<MemoryConfig, 'width' | 'timedPointers'>,
): Tensor {
  const [objects, count] = distances.shape as [number, number];
  const tokens = EMBEDDING / width;
  const shape = [objects, count, tokens, width];
  const codes = timedPointers
    ? expand(reshape(timeCode(distances, w), [objects, count, 1, width]), shape)
    : expand(w.constant([0], [1, 1, 1, 1]), shape);
  return reshape(codes, [objects, count * tokens, width]);
}

/** `[..., 64]` of distances `[...]`. */
function timeCode(distances: Tensor, w: Weights): Tensor {
  const half = EMBEDDING / 2;
  const periods = Array.from(
    { length: half },
    (_, channel) => TEMPERATURE ** ((2 * Math.floor(channel / 2)) / half),
  );
  const angles = div(reshape(distances, [...distances.shape, 1]), w.constant(periods, [half]));
  return linear(concat([sin(angles), cos(angles)], -1), w.at('obj_ptr_tpos_proj'));
}

/**
 * A mask that a user gives, as the decoder takes one: a quarter of its size.
 *
 * @param mask - 0 and 1, `[objects, size, size, 1]`
 * @param w - the checkpoint
 * @returns `[objects, size / 4, size / 4, 1]`
 */
export function shrinkMask(mask: Tensor, w: Weights): Tensor {
  return conv2d(mask, w.at('mask_downsample'), { stride: 4 });
}
