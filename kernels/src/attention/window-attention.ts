import type { Kernel, KernelDevice } from '../kernel.ts';
import { source as noBias } from './bias-none.wgsl.ts';
import { AttentionError, linkAttention, type RowsView } from './link-attention.ts';
import { source as noPadding } from './padding-none.wgsl.ts';
import { source as padding } from './padding.wgsl.ts';
import { relativeBias } from './relative-bias.ts';
import { source as windowRows } from './rows-windows.wgsl.ts';
import { type AttentionVariant, chooseWindowAttention } from './variant.ts';

/** Rows and columns. */
export interface Extent {
  readonly height: number;
  readonly width: number;
}

export interface WindowAttentionSizes {
  /** By default 1. */
  readonly batch?: number;
  /** Of the keys: rows of the operands are its positions, row by row. */
  readonly grid: Extent;
  readonly window: Extent;
  /** Where queries were pooled: their grid and window. By default those of the keys. */
  readonly queryGrid?: Extent;
  readonly queryWindow?: Extent;
  readonly heads: number;
  /** Of a head of queries and keys. */
  readonly width: number;
  /** Of a head of values; by default `width`. */
  readonly valueWidth?: number;
}

export interface WindowAttentionOptions {
  /** Of the products of queries and keys, for example `width ** -0.5`. */
  readonly scale: number;
  readonly query?: RowsView;
  readonly key?: RowsView;
  readonly value?: RowsView;
  /**
   * Where, in the binding `padding`, the key [heads, width] and the value [heads, valueWidth] of
   * padding begin, in elements: multiples of 4. Wanted where windows do not divide the grid.
   */
  readonly padding?: { readonly keyOffset: number; readonly valueOffset: number };
  /** Whether scores get the decomposed relative positions of a window. By default not. */
  readonly relative?: boolean;
  /** By default what {@link chooseWindowAttention} says. */
  readonly variant?: AttentionVariant;
}

/**
 * Attention within the windows of a grid, on rows as they lie: nothing is partitioned or padded in
 * memory. Where windows do not divide the grid, positions past its right and bottom edge take part as
 * keys, as in SAM's image encoder, which pads with zeros before it makes queries, keys and values;
 * theirs are then the biases of that layer. As queries they are left out.
 *
 * Bindings: `query` [batch, positions, heads, width], `key` and `value` alike, `y` [batch, positions,
 * heads, valueWidth] (dense), then `padding` where windows do not divide the grid, then, if asked for,
 * `relativeHeight` [batch, positions, heads, window height] and `relativeWidth` [batch, positions,
 * heads, window width]; all f32.
 *
 * @throws AttentionError for sizes that do not fit together or on the device
 */
export function windowAttention(
  sizes: WindowAttentionSizes,
  options: WindowAttentionOptions,
  device: KernelDevice,
): Kernel {
  const { batch = 1, grid, window, heads, width, valueWidth = width } = sizes;
  const { queryGrid = grid, queryWindow = window } = sizes;
  const { scale, query = {}, key = {}, value = {}, relative = false } = options;
  const rows = Math.ceil(grid.height / window.height);
  const columns = Math.ceil(grid.width / window.width);
  checkWindows(sizes, options, rows, columns);
  const queries = queryWindow.height * queryWindow.width;
  const keys = window.height * window.width;
  const queryRows = queryGrid.height * queryGrid.width;
  return linkAttention(
    {
      name: 'window-attention',
      images: batch,
      groups: batch * rows * columns,
      queries,
      keys,
      queryRows,
      keyRows: grid.height * grid.width,
      heads,
      width,
      valueWidth,
      scale,
      query,
      key,
      value,
      rows: {
        source: windowRows,
        constants: {
          KEY_GRID_HEIGHT: grid.height,
          KEY_GRID_WIDTH: grid.width,
          KEY_WINDOW_HEIGHT: window.height,
          KEY_WINDOW_WIDTH: window.width,
          QUERY_GRID_HEIGHT: queryGrid.height,
          QUERY_GRID_WIDTH: queryGrid.width,
          QUERY_WINDOW_HEIGHT: queryWindow.height,
          QUERY_WINDOW_WIDTH: queryWindow.width,
          WINDOWS_Y: rows,
          WINDOWS_X: columns,
        },
      },
      padding: needsPadding(sizes) ? paddingPart(sizes, options) : { source: noPadding },
      bias: relative ? relativeBias(batch * queryRows * heads, window) : { source: noBias },
      variant: options.variant ?? chooseWindowAttention({ queries, keys }, device),
    },
    device,
  );
}

function needsPadding({ grid, window }: WindowAttentionSizes): boolean {
  return grid.height % window.height !== 0 || grid.width % window.width !== 0;
}

function paddingPart(
  { heads, width, valueWidth = width }: WindowAttentionSizes,
  { padding: offsets }: WindowAttentionOptions,
): { source: string; constants: Record<string, number>; bindings: Kernel['bindings'] } {
  const { keyOffset, valueOffset } = offsets!;
  const elements = Math.max(keyOffset + heads * width, valueOffset + heads * valueWidth);
  return {
    source: padding,
    constants: { PADDING_KEY_OFFSET: keyOffset / 4, PADDING_VALUE_OFFSET: valueOffset / 4 },
    bindings: [{ name: 'padding', access: 'read', bytes: elements * 4 }],
  };
}

function checkWindows(
  sizes: WindowAttentionSizes,
  { padding: offsets, relative = false }: WindowAttentionOptions,
  rows: number,
  columns: number,
): void {
  const { grid, window, queryGrid = grid, queryWindow = window } = sizes;
  const { width, valueWidth = width } = sizes;
  const write = ({ height, width }: Extent): string => `${height} x ${width}`;
  if (needsPadding(sizes)) {
    const numbers = [offsets?.keyOffset ?? 1, offsets?.valueOffset ?? 1, width, valueWidth];
    if (!numbers.every((number) => number % 4 === 0)) {
      throw new AttentionError(
        `window-attention: windows of ${write(window)} do not divide ${write(grid)}; give the offsets of ` +
          'the key and the value of padding, in multiples of 4, and heads of such a width',
      );
    }
  }
  const queryRows = Math.ceil(queryGrid.height / queryWindow.height);
  const queryColumns = Math.ceil(queryGrid.width / queryWindow.width);
  if (queryRows !== rows || queryColumns !== columns) {
    throw new AttentionError(
      `window-attention: queries have ${queryRows} x ${queryColumns} windows, keys ${rows} x ${columns}`,
    );
  }
  if (relative && write(window) !== write(queryWindow)) {
    throw new AttentionError(
      `window-attention: relative positions want equal windows, got ${write(queryWindow)} and ${write(window)}`,
    );
  }
}
