import {
  div,
  greater,
  greaterOrEqual,
  maximum,
  mul,
  reduceSum,
  reshape,
  slice,
  type Tensor,
  where,
} from '@samgpu/graph';

/** Distance from the threshold 0 at which the stability of the first mask is looked at. */
const STABILITY_OFFSET = 0.05;
/** Below it another mask answers. */
const STABLE = 0.98;

/** Takes what belongs to one of the masks: `[prompts, masks, ...]` to `[prompts, 1, ...]`. */
export type Choose = (perMask: Tensor) => Tensor;

/**
 * Among the masks that are alternatives of each other, that is all but the first, the one that
 * scores best; of equal ones the first.
 *
 * @param scores - `[prompts, 4]`
 */
export function bestAlternative(scores: Tensor): Choose {
  const [second, third, fourth] = [1, 2, 3].map((mask) => slice(scores, 1, mask, mask + 1)) as [
    Tensor,
    Tensor,
    Tensor,
  ]; // [prompts, 1]
  const isSecond = mul(greaterOrEqual(second, third), greaterOrEqual(second, fourth));
  const isThird = greaterOrEqual(third, fourth);
  return (perMask) => {
    const of = (mask: number): Tensor => slice(perMask, 1, mask, mask + 1);
    const others = whereRow(isThird, of(2), of(3));
    return whereRow(isSecond, of(1), others);
  };
}

/** The first mask, which is made to answer where one mask is asked for. */
export const firstMask: Choose = (perMask) => slice(perMask, 1, 0, 1);

/**
 * The answer to a prompt where one mask is asked for: the first, or where it is not stable the best alternative (`_dynamic_multimask_via_stability` of mask_decoder.py).
 *
 * @param logits - `[prompts, 4, height, width]`
 * @param scores - `[prompts, 4]`
 */
export function singleAnswer(logits: Tensor, scores: Tensor): Choose {
  const alternative = bestAlternative(scores);
  const isStable = greaterOrEqual(stability(firstMask(logits)), STABLE); // [prompts, 1]
  return (perMask) => whereRow(isStable, firstMask(perMask), alternative(perMask));
}

/**
 * Cells above the threshold moved up, over those above it moved down; 1 for a mask without any.
 *
 * @param logits - `[prompts, masks, height, width]`
 * @returns `[prompts, masks]`
 */
export function stability(logits: Tensor): Tensor {
  const above = (threshold: number): Tensor => reduceSum(greater(logits, threshold), [2, 3]);
  const either = above(-STABILITY_OFFSET);
  const ratio = div(above(STABILITY_OFFSET), maximum(either, 1));
  return where(greater(either, 0), ratio, 1);
}

/** `where` with one condition per prompt, `[prompts, 1]`. */
export function whereRow(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const rank = typeof a === 'number' ? (b as Tensor).shape.length : a.shape.length;
  const shape = Array.from({ length: rank }, (_, axis) => (axis === 0 ? -1 : 1));
  return where(reshape(condition, shape), a, b);
}
