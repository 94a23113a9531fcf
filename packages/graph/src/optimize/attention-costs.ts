/** Multiplications of an attention and of the projections around it, in the forms it can have. */
import { axisSize } from '../shape.ts';
import type { Projection } from './projection.ts';

/** Sizes of an attention node. */
export interface AttentionSizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly heads: number;
  /** Of keys or values of all heads. */
  readonly keyWidth: number;
  readonly valueWidth: number;
}

/** Projections of keys and values, the scores and the results: `direct` as they are. */
export function keyCosts(
  { batch, queries, keys, heads, keyWidth, valueWidth }: AttentionSizes,
  key: Projection,
  value: Projection,
): { readonly direct: number; readonly absorbed: number } {
  const [keyIn, valueIn] = [axisSize(key.x.shape, 2), axisSize(value.x.shape, 2)];
  const projection = keyIn * keyWidth + valueIn * valueWidth;
  return {
    direct:
      axisSize(key.x.shape, 0) * keys * projection +
      batch * queries * keys * (keyWidth + valueWidth),
    absorbed: batch * queries * (projection + heads * keys * (keyIn + valueIn)),
  };
}

/** The projection of queries, the scores, the results and the layer behind them. */
export function queryCosts(
  { batch, queries, keys, heads, keyWidth, valueWidth }: AttentionSizes,
  query: Projection,
  outputWidth: number,
): {
  readonly direct: number;
  /** Keys are taken to where queries come from. */
  readonly absorbed: number;
  /** Queries are projected, once for the whole batch if they are the same for all of it. */
  readonly projected: number;
} {
  const [queryBatch, , queryIn] = query.x.shape as [number, number, number];
  const columns = heads * keys;
  const projection = queryBatch * queries * queryIn * keyWidth;
  const results = batch * (keys * valueWidth + queries * columns) * outputWidth;
  return {
    direct:
      projection + batch * queries * (keys * (keyWidth + valueWidth) + valueWidth * outputWidth),
    absorbed: batch * (keys * keyWidth + queries * columns) * queryIn + results,
    projected: projection + batch * queries * columns * keyWidth + results,
  };
}
