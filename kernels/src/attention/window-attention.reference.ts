import { attentionReference } from './attention.reference.ts';
import type { WindowAttentionSizes } from './window-attention.ts';

export interface WindowOperands {
  readonly query: ArrayLike<number>; // [batch, positions, heads, width]
  readonly key: ArrayLike<number>;
  readonly value: ArrayLike<number>; // [batch, positions, heads, valueWidth]
  readonly paddingKey: ArrayLike<number>; // [heads, width]
  readonly paddingValue: ArrayLike<number>; // [heads, valueWidth]
  /** [batch, positions, heads, extent of the window], of the queries */
  readonly relative?: {
    readonly height: ArrayLike<number>;
    readonly width: ArrayLike<number>;
  };
}

/** As official code has it: pad the grid, cut it into windows, attend, and put them back; in f64. */
export function windowAttentionReference(
  operands: WindowOperands,
  sizes: WindowAttentionSizes,
  scale: number,
): Float64Array {
  const { batch = 1, grid, window, queryGrid = grid, queryWindow = window, heads } = sizes;
  const { width, valueWidth = width } = sizes;
  const y = new Float64Array(batch * queryGrid.height * queryGrid.width * heads * valueWidth);
  for (let image = 0; image < batch; image++) {
    for (let top = 0; top * window.height < grid.height; top++) {
      for (let left = 0; left * window.width < grid.width; left++) {
        const keys = rowsOf(image, top, left, grid, window);
        const queries = rowsOf(image, top, left, queryGrid, queryWindow);
        const cut = (
          from: ArrayLike<number>,
          rows: number[],
          size: number,
          fill: ArrayLike<number>,
        ) =>
          rows.flatMap((row) =>
            Array.from({ length: size }, (_, i) => (row < 0 ? fill[i]! : from[row * size + i]!)),
          );
        const { relative } = operands;
        const result = attentionReference(
          {
            query: cut(operands.query, queries, heads * width, operands.paddingKey),
            key: cut(operands.key, keys, heads * width, operands.paddingKey),
            value: cut(operands.value, keys, heads * valueWidth, operands.paddingValue),
          },
          { queries: queries.length, keys: keys.length, heads, width, valueWidth },
          scale,
          (_, query, head, key) => {
            const row = queries[query]!;
            if (relative === undefined || row < 0) return 0;
            const start = row * heads + head;
            return (
              relative.height[start * window.height + Math.floor(key / window.width)]! +
              relative.width[start * window.width + (key % window.width)]!
            );
          },
        );
        for (const [i, row] of queries.entries()) {
          const size = heads * valueWidth;
          if (row >= 0) y.set(result.subarray(i * size, (i + 1) * size), row * size);
        }
      }
    }
  }
  return y;
}

/** Rows of the positions of a window, -1 for padding. */
function rowsOf(
  image: number,
  top: number,
  left: number,
  grid: WindowAttentionSizes['grid'],
  window: WindowAttentionSizes['window'],
): number[] {
  return Array.from({ length: window.height * window.width }, (_, i) => {
    const y = top * window.height + Math.floor(i / window.width);
    const x = left * window.width + (i % window.width);
    const inside = y < grid.height && x < grid.width;
    return inside ? (image * grid.height + y) * grid.width + x : -1;
  });
}
