import type { AttentionSizes } from './attention.ts';

export interface AttentionOperands {
  readonly query: ArrayLike<number>; // [batch, queries, heads, width]
  readonly key: ArrayLike<number>; // [batch, keys, heads, width]
  readonly value: ArrayLike<number>; // [batch, keys, heads, valueWidth]
}

/**
 * `softmax(scale · query · keyᵀ + bias) · value` per head, in f64.
 *
 * @param bias - added to the score of a query and a key
 */
export function attentionReference(
  { query, key, value }: AttentionOperands,
  { batch = 1, queries, keys, heads, width, valueWidth = width }: AttentionSizes,
  scale: number,
  bias: (image: number, query: number, head: number, key: number) => number = () => 0,
): Float64Array {
  const y = new Float64Array(batch * queries * heads * valueWidth);
  for (let image = 0; image < batch; image++) {
    for (let q = 0; q < queries; q++) {
      for (let head = 0; head < heads; head++) {
        const queryStart = ((image * queries + q) * heads + head) * width;
        const scores = new Float64Array(keys);
        for (let k = 0; k < keys; k++) {
          const keyStart = ((image * keys + k) * heads + head) * width;
          let product = 0;
          for (let i = 0; i < width; i++) product += query[queryStart + i]! * key[keyStart + i]!;
          scores[k] = scale * product + bias(image, q, head, k);
        }
        const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
        const weights = scores.map((score) => Math.exp(score - largest));
        const sum = weights.reduce((a, b) => a + b, 0);
        const yStart = ((image * queries + q) * heads + head) * valueWidth;
        for (let i = 0; i < valueWidth; i++) {
          let result = 0;
          for (let k = 0; k < keys; k++) {
            result += weights[k]! * value[((image * keys + k) * heads + head) * valueWidth + i]!;
          }
          y[yStart + i] = result / sum;
        }
      }
    }
  }
  return y;
}
