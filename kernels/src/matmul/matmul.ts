import type { Epilogue } from '../epilogue/epilogue.ts';
import type { Kernel, KernelDevice } from '../kernel.ts';
import { source as placeRows } from './place-rows.wgsl.ts';
import { type MatrixView, product, resolveView, type RightFactor } from './product.ts';
import { source as columnsRight } from './right-columns.wgsl.ts';
import { source as rowsRight } from './right-rows.wgsl.ts';
import { source as scalarRight } from './right-scalar.wgsl.ts';
import { chooseProduct, type ProductVariant } from './variant.ts';

export interface MatmulSizes {
  /** Matrices along two axes, which the strides of the operands tell apart. By default [1, 1]. */
  readonly batch?: readonly [outer: number, inner: number];
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

export interface MatmulOptions extends Epilogue {
  /** `right` is [columns, depth] instead of [depth, columns]. By default false. */
  readonly transposeRight?: boolean;
  readonly left?: MatrixView;
  readonly right?: MatrixView;
  /** By default what {@link chooseProduct} says. */
  readonly variant?: ProductVariant;
}

/**
 * Products of matrices, batch by batch.
 *
 * Bindings: `left` [batch, rows, depth], `right` [batch, depth, columns] or, transposed, [batch,
 * columns, depth], `y` [batch, rows, columns] (dense), then `bias` [columns] and `residual` [batch,
 * rows, columns] if they are asked for; all f32.
 *
 * @throws ProductError for sizes that are not positive, and for grids that no device runs
 */
export function matmul(sizes: MatmulSizes, options: MatmulOptions, device: KernelDevice): Kernel {
  const { batch: [outer, inner] = [1, 1], rows, depth, columns } = sizes;
  const batch = outer * inner;
  const { left = {}, variant = chooseProduct({ batch, rows, depth, columns }, device) } = options;
  const right = rightFactor(sizes, options);
  const description = { name: 'matmul', batch, inner, rows, depth, columns, left, right, variant };
  return product({ ...description, epilogue: options }, device);
}

function rightFactor(
  { batch: [outer, inner] = [1, 1], depth, columns }: MatmulSizes,
  { transposeRight = false, right = {} }: MatmulOptions,
): RightFactor {
  const view = resolveView(right, {
    outer,
    inner,
    rows: transposeRight ? columns : depth,
    columns: transposeRight ? depth : columns,
  });
  const { offset, rowStride, batchStride, outerStride, extent } = view;
  const numbers = [offset, rowStride, batchStride, outerStride, depth, columns];
  const inFours = numbers.every((number) => number % 4 === 0);
  const constants = {
    RIGHT_OFFSET: offset,
    RIGHT_BATCH_STRIDE: batchStride,
    RIGHT_OUTER_STRIDE: outerStride,
  };
  const binding = { name: 'right', access: 'read', bytes: extent * 4 } as const;
  if (inFours) {
    const source = transposeRight ? columnsRight : `${rowsRight}\n${placeRows}`;
    return { source, constants: { ...constants, RIGHT_ROW_STRIDE: rowStride }, binding };
  }
  const strides = transposeRight
    ? { RIGHT_ROW_STRIDE: 1, RIGHT_COLUMN_STRIDE: rowStride }
    : { RIGHT_ROW_STRIDE: rowStride, RIGHT_COLUMN_STRIDE: 1 };
  return { source: scalarRight, constants: { ...constants, ...strides }, binding };
}
