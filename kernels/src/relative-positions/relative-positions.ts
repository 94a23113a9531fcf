import { AttentionError, type RowsView } from '../attention/link-attention.ts';
import type { Extent } from '../attention/window-attention.ts';
import type { Kernel, KernelDevice } from '../kernel.ts';
import { spreadWorkgroups } from '../specialize.ts';
import { source } from './relative-positions.wgsl.ts';

export interface RelativePositionsSizes {
  /** By default 1. */
  readonly batch?: number;
  readonly grid: Extent;
  /** By default the whole grid. */
  readonly window?: Extent;
  readonly heads: number;
  /** Of a head: a multiple of 4. */
  readonly width: number;
}

export interface RelativePositionsOptions {
  readonly axis: 'height' | 'width';
  /** Where the rows of `query` lie. By default dense. */
  readonly query?: RowsView;
}

/**
 * One axis of the decomposed relative positions of MViTv2 and SAM (`add_decomposed_rel_pos`): what
 * queries, unscaled, make of a table that has a row for each distance within a window.
 *
 * Bindings: `query` [batch, positions, heads, width], `table` [2 * extent - 1, width], where extent
 * is the height or width of the window, and `y` [batch, positions, heads, extent]; all f32.
 *
 * @throws AttentionError for a width or views that are not multiples of 4
 */
export function relativePositions(
  sizes: RelativePositionsSizes,
  { axis, query = {} }: RelativePositionsOptions,
  device: KernelDevice,
): Kernel {
  const { batch = 1, grid, window = grid, heads, width } = sizes;
  const imageRows = grid.height * grid.width;
  const { offset = 0, rowStride = heads * width } = query;
  const { batchStride = imageRows * rowStride } = query;
  if (![width, offset, rowStride, batchStride].every((number) => number % 4 === 0)) {
    throw new AttentionError(
      `relative-positions: heads of ${width}, offset ${offset}, strides ${rowStride} and ${batchStride}: ` +
        'all must be multiples of 4',
    );
  }
  const rows = batch * imageRows;
  const extent = window[axis];
  const invocations = rows * Math.ceil(heads / 4) * Math.ceil(extent / 4);
  const last = (batch - 1) * batchStride + (imageRows - 1) * rowStride + heads * width;
  return {
    label: `relative-positions ${axis} ${rows}x${heads} heads of ${width}, ${extent}`,
    source,
    constants: {
      ROWS: rows,
      HEADS: heads,
      WIDTH: width,
      STRIDE: axis === 'height' ? grid.width : 1,
      GRID: grid[axis],
      WINDOW: extent,
      IMAGE_ROWS: imageRows,
      QUERY_OFFSET: offset,
      QUERY_ROW_STRIDE: rowStride,
      QUERY_BATCH_STRIDE: batchStride,
    },
    bindings: [
      { name: 'query', access: 'read', bytes: (offset + last) * 4 },
      { name: 'table', access: 'read', bytes: (2 * extent - 1) * width * 4 },
      { name: 'y', access: 'read-write', bytes: rows * heads * extent * 4 },
    ],
    workgroups: spreadWorkgroups(Math.ceil(invocations / 64), device.workgroupsPerDimension),
    flops: 2 * rows * heads * extent * width,
  };
}
