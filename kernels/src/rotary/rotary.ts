import { AttentionError, type RowsView } from '../attention/link-attention.ts';
import type { Extent } from '../attention/window-attention.ts';
import type { Kernel, KernelDevice } from '../kernel.ts';
import { spreadWorkgroups } from '../specialize.ts';
import { source } from './rotary.wgsl.ts';

export interface RotarySizes {
  /** By default 1. */
  readonly batch?: number;
  readonly rows: number;
  /** The first so many rows of an image are turned, the others copied. By default all. */
  readonly rotatedRows?: number;
  /** Rows of the table: row r is turned by its row r modulo this. */
  readonly period: number;
  readonly heads: number;
  /** Of a head: a multiple of 4. */
  readonly width: number;
}

/**
 * Rotary positions (Su et al. 2021): turns each pair of elements (2j, 2j + 1) of a head by an angle of
 * its row, as SAM 2's memory attention does with queries and keys. Memories of several frames repeat
 * the table; the object pointers behind them stay as they are.
 *
 * Bindings: `x` [batch, rows, heads, width], `table` as `axialRotaryTable` gives it, `y` [batch, rows,
 * heads, width] (dense); all f32.
 *
 * @param view - where the rows of `x` lie; by default dense
 * @throws AttentionError for a width or views that are not multiples of 4
 */
export function rotary(sizes: RotarySizes, view: RowsView, device: KernelDevice): Kernel {
  const { batch = 1, rows, rotatedRows = rows, period, heads, width } = sizes;
  const { offset = 0, rowStride = heads * width } = view;
  const { batchStride = rows * rowStride } = view;
  if (![width, offset, rowStride, batchStride].every((number) => number % 4 === 0)) {
    throw new AttentionError(
      `rotary: heads of ${width}, offset ${offset}, strides ${rowStride} and ${batchStride}: all must be ` +
        'multiples of 4',
    );
  }
  const vectors = (batch * rows * heads * width) / 4;
  const last = (batch - 1) * batchStride + (rows - 1) * rowStride + heads * width;
  return {
    label: `rotary ${batch}x${rows}x${heads}x${width}`,
    source,
    constants: {
      IMAGES: batch,
      ROWS: rows,
      ROTATED: rotatedRows,
      PERIOD: period,
      HEADS: heads,
      WIDTH: width,
      OFFSET: offset,
      ROW_STRIDE: rowStride,
      BATCH_STRIDE: batchStride,
    },
    bindings: [
      { name: 'x', access: 'read', bytes: (offset + last) * 4 },
      { name: 'table', access: 'read', bytes: period * width * 4 },
      { name: 'y', access: 'read-write', bytes: vectors * 16 },
    ],
    workgroups: spreadWorkgroups(Math.ceil(vectors / 64), device.workgroupsPerDimension),
    flops: 6 * 2 * vectors,
  };
}

/**
 * Angles of the positions of a grid, row by row: the first half of a head's pairs turns with the
 * column, the second with the row, pair i of a half by `position * theta^(-4i / width)`.
 *
 * @param width - of a head: a multiple of 4
 * @param theta - by default 10000, as in SAM 2
 * @returns [height * width of the grid, width]: (cos, sin) per pair
 */
export function axialRotaryTable(
  grid: Extent,
  width: number,
  theta = 10_000,
): Float32Array<ArrayBuffer> {
  const positions = grid.height * grid.width;
  const table = new Float32Array(positions * width);
  const pairs = width / 4; // of either axis
  for (let position = 0; position < positions; position++) {
    const axes = [position % grid.width, Math.floor(position / grid.width)];
    for (const [axis, place] of axes.entries()) {
      for (let i = 0; i < pairs; i++) {
        const angle = place * theta ** ((-4 * i) / width);
        const at = position * width + 2 * (axis * pairs + i);
        table[at] = Math.cos(angle);
        table[at + 1] = Math.sin(angle);
      }
    }
  }
  return table;
}
