import { div, greater, maximum, reduceSum, type Tensor } from '@samgpu/graph';

/**
 * How little each mask changes when its threshold moves: cells with a logit above `offset` over
 * those above `-offset`.
 *
 * EdgeSAM was taught its masks by SAM, but not SAM's opinion of them, so its authors rank masks by
 * this instead of the predicted score. A mask without any cell scores 0.
 *
 * @param logits - `[prompts, masks, height, width]`
 * @returns `[prompts, masks]`
 */
export function stabilityScores(logits: Tensor, offset = 1): Tensor {
  const above = (threshold: number): Tensor => reduceSum(greater(logits, threshold), [2, 3]);
  return div(above(offset), maximum(above(-offset), 1));
}
