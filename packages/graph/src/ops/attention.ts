import { GraphError } from '../graph-error.ts';
import {
  axisSize,
  expectAxis,
  expectFloat,
  expectPositive,
  expectRank,
  formatShape,
} from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export interface AttentionOptions {
  /** Heads lie side by side in the last axis of query, key and value. */
  readonly heads: number;
  /** Multiplies every score. @defaultValue 1 / sqrt(width of a head) */
  readonly scale?: number;
  /**
   * Added to every score of its key, `[batch or 1, keys]`: 0 keeps a key, a large negative number
   * removes it (`REMOVED_KEY`).
   */
  readonly keyBias?: Tensor;
}

/**
 * What a key bias holds for a key that takes no part.
 *
 * Finite, so that a row without any key gives numbers; exp(-1e9) is 0 in every float type.
 */
export const REMOVED_KEY: number = -1e9;

/**
 * Multi-head scaled dot-product attention, softmax(scale · q kᵀ + keyBias) v per head.
 *
 * @param query - `[batch, queries, heads * d]`
 * @param key - `[batch or 1, keys, heads * d]`; 1 is shared by the whole batch
 * @param value - `[batch or 1, keys, heads * dv]`, the batch of key
 * @returns `[batch, queries, heads * dv]`
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { heads, scale, keyBias }: AttentionOptions,
): Tensor {
  expectPositive('attention', 'heads', [heads]);
  if (scale !== undefined && !Number.isFinite(scale)) {
    throw new GraphError('attention', `scale is ${scale}, wanted a finite number`);
  }
  for (const [name, tensor] of [
    ['query', query],
    ['key', key],
    ['value', value],
  ] as const) {
    expectFloat('attention', name, tensor);
    expectRank('attention', name, tensor, 3);
    if (axisSize(tensor.shape, 2) % heads !== 0) {
      throw new GraphError(
        'attention',
        `${name} has ${axisSize(tensor.shape, 2)} at axis 2 of ${formatShape(tensor.shape)}, wanted a multiple of ${heads} heads`,
      );
    }
  }
  const [batch, queries, width] = query.shape as [number, number, number];
  if (axisSize(key.shape, 0) !== 1) {
    expectAxis('attention', 'key', key, 0, batch, 'the batch of query, or 1');
  }
  expectAxis('attention', 'key', key, 2, width, 'the width of query');
  expectAxis('attention', 'value', value, 0, axisSize(key.shape, 0), 'the batch of key');
  expectAxis('attention', 'value', value, 1, axisSize(key.shape, 1), 'the keys');
  const operands = [query, key, value];
  if (keyBias !== undefined) {
    expectFloat('attention', 'keyBias', keyBias);
    expectRank('attention', 'keyBias', keyBias, 2);
    expectAxis('attention', 'keyBias', keyBias, 1, axisSize(key.shape, 1), 'the keys');
    if (axisSize(keyBias.shape, 0) !== 1) {
      expectAxis('attention', 'keyBias', keyBias, 0, batch, 'the batch of query, or 1');
    }
    operands.push(keyBias);
  }
  return query.recorder.add(
    'attention',
    operands,
    { heads, scale: scale ?? 1 / Math.sqrt(width / heads), keyBias: keyBias !== undefined },
    [batch, queries, axisSize(value.shape, 2)],
  );
}
