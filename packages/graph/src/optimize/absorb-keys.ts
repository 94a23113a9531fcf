import { add, mul } from '../ops/elementwise.ts';
import { matmul } from '../ops/matmul.ts';
import { reshape } from '../ops/layout.ts';
import { softmax } from '../ops/normalization.ts';
import { axisSize } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import {
  addHeadBias,
  joinHeads,
  type Projection,
  splitHeads,
  stackHeads,
  weightOfHeads,
} from './projection.ts';

/** Attention of few queries to many keys, whose projections are still to be made. */
export interface ManyKeys {
  readonly query: Tensor; // [batch, queries, heads * d], projected
  readonly key: Projection;
  readonly value: Projection;
  readonly keyBias: Tensor | undefined; // [batch or 1, keys]
  readonly heads: number;
  readonly scale: number;
}

/**
 * The attention with queries taken to where keys come from, and results from where values come from:
 * q · (W k) = (Wᵀ q) · k, and Σ p (W v + b) = W Σ p v + b, since the shares p sum to 1. The bias of
 * keys adds the same to all scores of a query, which softmax does not see.
 *
 * @returns `[batch, queries, heads * dv]`
 */
export function absorbKeys({ query, key, value, keyBias, heads, scale }: ManyKeys): Tensor {
  const [batch, queries] = query.shape as [number, number];
  const [keys, width] = [axisSize(key.x.shape, 1), axisSize(value.x.shape, 2)];

  // Weights are scaled, which is done when they are loaded.
  const weight = mul(weightOfHeads(key.weight, heads), scale);
  const taken = stackHeads(matmul(splitHeads(query, heads), weight)); // [batch, heads * queries, in]
  let scores = matmul(taken, key.x, { transposeB: true }); // [batch, heads * queries, keys]
  if (keyBias !== undefined) {
    scores = add(scores, reshape(keyBias, [axisSize(keyBias.shape, 0), 1, keys]));
  }
  const mixed = matmul(softmax(scores), value.x); // [batch, heads * queries, width]
  const perHead = reshape(mixed, [batch, heads, queries, width]);
  const projected = matmul(perHead, weightOfHeads(value.weight, heads), { transposeB: true });
  return joinHeads(addHeadBias(projected, value.bias));
}
