/** How {@link stabilityScore} counts. */
export interface StabilityOptions {
  /** The mask's own threshold. Default 0. */
  readonly threshold?: number;
  /** How far the threshold is moved up and down. Default 1, as the official generator has it. */
  readonly offset?: number;
}

/**
 * How little the mask changes when its threshold moves: pixels above `threshold + offset` over
 * pixels above `threshold - offset` (`calculate_stability_score` of segment-anything).
 *
 * Where no logit exceeds the lower threshold the official code divides 0 by 0 and returns NaN.
 * This returns 0, so that such a mask is dropped by any filter instead of passing it.
 *
 * @param logits - of one mask, any shape
 * @returns 0 to 1
 */
export function stabilityScore(logits: Float32Array, options: StabilityOptions = {}): number {
  const { threshold = 0, offset = 1 } = options;
  const high = threshold + offset;
  const low = threshold - offset;
  let intersection = 0;
  let union = 0;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i]!;
    if (logit > high) intersection += 1;
    if (logit > low) union += 1;
  }
  return union === 0 ? 0 : intersection / union;
}
