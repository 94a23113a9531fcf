import { add, mul } from '../ops/elementwise.ts';
import { reshape, transpose } from '../ops/layout.ts';
import { linear, matmul } from '../ops/matmul.ts';
import { softmax } from '../ops/normalization.ts';
import { axisSize } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { type Projection, splitHeads, stackHeads, weightOfHeads } from './projection.ts';

/** Attention of many queries to few keys, with the projections of queries and results around it. */
export interface ManyQueries {
  readonly query: Projection;
  readonly key: Tensor; // [batch or 1, keys, heads * d], projected
  readonly value: Tensor; // [batch or 1, keys, heads * dv], projected
  readonly keyBias: Tensor | undefined; // [batch or 1, keys]
  /** The layer behind the attention, `[out, heads * dv]`. */
  readonly output: Pick<Projection, 'weight' | 'bias'>;
  readonly heads: number;
  readonly scale: number;
  /** Whether keys are taken to where queries come from; else queries are projected first. */
  readonly absorbsScores: boolean;
}

/**
 * The attention and the layer behind it: keys are taken to where queries come from, values to where
 * results go. All heads are one product then, with a column per key of each head.
 *
 * @returns `[batch, queries, out]`
 */
export function absorbQueries(attention: ManyQueries): Tensor {
  const { query, key, value, output, heads } = attention;
  const keys = axisSize(key.shape, 1);
  const { rows, bias } = attention.absorbsScores
    ? keysBeforeProjection(attention)
    : { rows: keysOfAllHeads(attention), bias: undefined };
  const queries = attention.absorbsScores ? query.x : linear(query.x, query);

  let scores = matmul(queries, rows, { transposeB: true }); // [batch, queries, heads * keys]
  const added = sum(bias, columnsOf(attention.keyBias, heads));
  if (added !== undefined) {
    scores = add(scores, added);
  }
  const [batch, count, columns] = scores.shape as [number, number, number];
  const shares = softmax(reshape(scores, [batch, count, heads, keys]));

  const weight = weightOfHeads(transpose(output.weight, [1, 0]), heads); // [1, heads, dv, out]
  let results = matmul(splitHeads(value, heads), weight); // [batch or 1, heads, keys, out]
  if (output.bias !== undefined) {
    // The shares of each head sum to 1, so that all heads together add it once.
    results = add(results, mul(output.bias, 1 / heads));
  }
  return matmul(reshape(shares, [batch, count, columns]), stackHeads(results));
}

/** Keys times the queries' projection: rows in the space that queries come from. */
function keysBeforeProjection({ query, key, heads, scale }: ManyQueries): {
  rows: Tensor; // [batch or 1, heads * keys, in]
  bias: Tensor | undefined; // [batch or 1, 1, heads * keys]: what the bias of queries adds
} {
  const split = splitHeads(key, heads); // [batch or 1, heads, keys, d]
  // Weights are scaled, which is done when they are loaded.
  const rows = stackHeads(matmul(split, mul(weightOfHeads(query.weight, heads), scale)));
  const [batch, columns] = rows.shape as [number, number];
  if (query.bias === undefined) {
    return { rows, bias: undefined };
  }
  const d = axisSize(split.shape, 3);
  const added = matmul(split, mul(reshape(query.bias, [1, heads, d, 1]), scale));
  return { rows, bias: reshape(added, [batch, 1, columns]) };
}

/**
 * Keys as rows that are as wide as all heads together, and 0 outside of their own head:
 * `[batch or 1, heads * keys, heads * d]`.
 */
function keysOfAllHeads({ key, heads, scale }: ManyQueries): Tensor {
  const [batch, keys, width] = key.shape as [number, number, number];
  const own = Array.from({ length: heads * heads }, (_, i) => (i % (heads + 1) === 0 ? scale : 0));
  const mask = key.recorder.add('constant', [], { data: own }, [1, heads, 1, heads, 1]);
  const spread = mul(reshape(key, [batch, 1, keys, heads, width / heads]), mask);
  return reshape(spread, [batch, heads * keys, width]);
}

/** A bias per key as one per column, where keys of all heads lie side by side. */
function columnsOf(keyBias: Tensor | undefined, heads: number): Tensor | undefined {
  if (keyBias === undefined) {
    return undefined;
  }
  const [batch, keys] = keyBias.shape as [number, number];
  const zeros = new Array<number>(heads).fill(0);
  const perHead = keyBias.recorder.add('constant', [], { data: zeros }, [1, heads, 1]);
  return reshape(add(reshape(keyBias, [batch, 1, keys]), perHead), [batch, 1, heads * keys]);
}

function sum(a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined {
  return a === undefined || b === undefined ? (a ?? b) : add(a, b);
}
