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

export interface GridAttentionOptions {
  /** Heads lie side by side in the last axis of query, key and value. */
  readonly heads: number;
  /** How the tokens lie, row by row. */
  readonly grid: readonly [height: number, width: number];
  /** Multiplies the products of queries and keys. @defaultValue 1 / sqrt(width of a head) */
  readonly scale?: number;
  /**
   * Tokens attend within tiles of this size, the first at the top left. Tiles past the right and
   * the bottom edge are filled up with positions that are attended to, too.
   *
   * @defaultValue the whole grid
   */
  readonly window?: readonly [height: number, width: number];
  /**
   * Decomposed relative positions (Li et al., "MViTv2", 2021): the unscaled query times
   * `rows[queryRow - keyRow + windowHeight - 1]`, plus the same for columns, is added to a score.
   * `[2 * windowHeight - 1, d]` and `[2 * windowWidth - 1, d]`, shared by all heads.
   */
  readonly relative?: { readonly rows: Tensor; readonly columns: Tensor };
  /** Added to the scores of every window, `[heads, window positions, window positions]`. */
  readonly bias?: Tensor;
  /**
   * Key `[heads * d]` and value `[heads * dv]` of positions that fill up windows.
   *
   * @defaultValue zeros
   */
  readonly padding?: { readonly key: Tensor; readonly value: Tensor };
}

/**
 * Attention between tokens that lie on a grid: within windows, with relative positions.
 *
 * SAM's image encoder pads its grid with zeros before it computes query, key and value, so padded
 * positions hold the bias of that layer: give the bias as `padding`, and no row needs to be padded.
 *
 * @param query - `[batch, height * width, heads * d]`
 * @param key - `[batch, height * width, heads * d]`
 * @param value - `[batch, height * width, heads * dv]`
 * @returns `[batch, height * width, heads * dv]`
 */
export function gridAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { heads, grid, scale, window = grid, relative, bias, padding }: GridAttentionOptions,
): Tensor {
  expectPositive('gridAttention', 'heads', [heads]);
  expectPositive('gridAttention', 'grid', grid);
  expectPositive('gridAttention', 'window', window);
  const tokens = grid[0] * grid[1];
  for (const [name, tensor] of [
    ['query', query],
    ['key', key],
    ['value', value],
  ] as const) {
    expectFloat('gridAttention', name, tensor);
    expectRank('gridAttention', name, tensor, 3);
    expectAxis('gridAttention', name, tensor, 1, tokens, `a grid of ${grid.join(' x ')}`);
    expectAxis('gridAttention', name, tensor, 0, axisSize(query.shape, 0), 'the batch of query');
    if (axisSize(tensor.shape, 2) % heads !== 0) {
      throw new GraphError(
        'gridAttention',
        `${name} has ${axisSize(tensor.shape, 2)} at axis 2 of ${formatShape(tensor.shape)}, wanted a multiple of ${heads} heads`,
      );
    }
  }
  const [batch, , width] = query.shape as [number, number, number];
  const valueWidth = axisSize(value.shape, 2);
  expectAxis('gridAttention', 'key', key, 2, width, 'the width of query');

  const operands = [query, key, value];
  const take = (name: string, tensor: Tensor, shape: readonly number[]): void => {
    expectFloat('gridAttention', name, tensor);
    if (formatShape(tensor.shape) !== formatShape(shape)) {
      throw new GraphError(
        'gridAttention',
        `${name} has shape ${formatShape(tensor.shape)}, wanted ${formatShape(shape)}`,
      );
    }
    operands.push(tensor);
  };
  if (relative !== undefined) {
    take('relative.rows', relative.rows, [2 * window[0] - 1, width / heads]);
    take('relative.columns', relative.columns, [2 * window[1] - 1, width / heads]);
  }
  if (bias !== undefined) {
    const positions = window[0] * window[1];
    take('bias', bias, [heads, positions, positions]);
  }
  if (padding !== undefined) {
    take('padding.key', padding.key, [width]);
    take('padding.value', padding.value, [valueWidth]);
  }
  return query.recorder.add(
    'gridAttention',
    operands,
    {
      heads,
      scale: scale ?? 1 / Math.sqrt(width / heads),
      grid,
      window,
      relative: relative !== undefined,
      bias: bias !== undefined,
      padding: padding !== undefined,
    },
    [batch, tokens, valueWidth],
  );
}
