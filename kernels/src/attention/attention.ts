import type { Kernel, KernelDevice } from '../kernel.ts';
import { source as keysBias } from './bias-keys.wgsl.ts';
import { source as noBias } from './bias-none.wgsl.ts';
import {
  AttentionError,
  type AttentionPart,
  linkAttention,
  type RowsView,
} from './link-attention.ts';
import { source as noPadding } from './padding-none.wgsl.ts';
import { relativeBias } from './relative-bias.ts';
import { source as denseRows } from './rows-dense.wgsl.ts';
import { type AttentionVariant, chooseAttention } from './variant.ts';

export interface AttentionSizes {
  /** By default 1. */
  readonly batch?: number;
  readonly queries: number;
  readonly keys: number;
  readonly heads: number;
  /** Of a head of queries and keys. Multiples of 4 are quicker. */
  readonly width: number;
  /** Of a head of values; by default `width`. */
  readonly valueWidth?: number;
}

export interface AttentionOptions {
  /** Of the products of queries and keys, for example `width ** -0.5`. */
  readonly scale: number;
  readonly query?: RowsView;
  readonly key?: RowsView;
  readonly value?: RowsView;
  /**
   * A finite number per key that is added to its scores: `shared` [keys], or `batch` [batch, keys].
   * By default none.
   */
  readonly keyBias?: 'shared' | 'batch';
  /**
   * The grid whose positions are both the queries and the keys, for decomposed relative positions as
   * `relativePositions` makes them. By default none.
   */
  readonly relative?: { readonly height: number; readonly width: number };
  /** By default what {@link chooseAttention} says. */
  readonly variant?: AttentionVariant;
}

/**
 * `softmax(scale · query · keyᵀ + bias) · value` per head, in one pass: no scores are stored, so
 * what it needs beside its operands does not grow with `queries * keys`. A matrix of scores of SAM's
 * ViT-B (12 heads, 4096 by 4096) would take 805 MB, and another for the relative positions.
 *
 * Bindings: `query` [batch, queries, heads, width], `key` [batch, keys, heads, width], `value`
 * [batch, keys, heads, valueWidth], `y` [batch, queries, heads, valueWidth] (dense), then, if they are
 * asked for, `keyBias` or both `relativeHeight` [batch, queries, heads, height] and `relativeWidth`
 * [batch, queries, heads, width]; all f32.
 *
 * @throws AttentionError for sizes that do not fit together or on the device
 */
export function attention(
  sizes: AttentionSizes,
  options: AttentionOptions,
  device: KernelDevice,
): Kernel {
  const { batch = 1, queries, keys, heads, width, valueWidth = width } = sizes;
  const { scale, query = {}, key = {}, value = {} } = options;
  return linkAttention(
    {
      name: 'attention',
      images: batch,
      groups: batch,
      queries,
      keys,
      queryRows: queries,
      keyRows: keys,
      heads,
      width,
      valueWidth,
      scale,
      query,
      key,
      value,
      rows: { source: denseRows },
      padding: { source: noPadding },
      bias: biasPart(sizes, options),
      variant: options.variant ?? chooseAttention({ queries, keys }, device),
    },
    device,
  );
}

function biasPart(
  { batch = 1, queries, keys, heads }: AttentionSizes,
  { keyBias, relative }: AttentionOptions,
): AttentionPart {
  if (relative !== undefined) {
    const { height, width } = relative;
    if (keyBias !== undefined || height * width !== keys || queries !== keys) {
      throw new AttentionError(
        `attention: relative positions of a ${height} x ${width} grid want that many queries and keys ` +
          `and no key bias, got ${queries} and ${keys}${keyBias === undefined ? '' : ' and a key bias'}`,
      );
    }
    return relativeBias(batch * queries * heads, relative);
  }
  if (keyBias === undefined) return { source: noBias };
  const perImage = keyBias === 'batch';
  return {
    source: keysBias,
    constants: { KEY_BIAS_BATCH_STRIDE: perImage ? keys : 0 },
    bindings: [{ name: 'keyBias', access: 'read', bytes: (perImage ? batch : 1) * keys * 4 }],
  };
}
