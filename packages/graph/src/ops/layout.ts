import { expectI32 } from '../constant.ts';
import { GraphError } from '../graph-error.ts';
import {
  axisSize,
  broadcastShapes,
  elementCount,
  expectNatural,
  expectPositive,
  formatShape,
  resolveAxis,
} from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The same elements in another shape. One size may be -1: it follows from the others.
 */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  const total = elementCount(x.shape);
  const known = elementCount(shape.filter((size) => size !== -1));
  const resolved = shape.map((size) => (size === -1 ? total / known : size));
  if (
    shape.filter((size) => size === -1).length > 1 ||
    !resolved.every((size) => Number.isInteger(size) && size > 0) ||
    elementCount(resolved) !== total
  ) {
    throw new GraphError(
      'reshape',
      `${formatShape(x.shape)} has ${total} elements and does not fit ${formatShape(shape)}`,
    );
  }
  return x.recorder.add('reshape', [x], {}, resolved, x.dtype);
}

/** Reorders axes: axis i of the result is axis `permutation[i]` of x. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  const sorted = [...permutation].sort((a, b) => a - b);
  if (sorted.length !== x.shape.length || sorted.some((axis, index) => axis !== index)) {
    throw new GraphError(
      'transpose',
      `${formatShape(permutation)} is no order of the ${x.shape.length} axes of ${formatShape(x.shape)}`,
    );
  }
  const shape = permutation.map((axis) => axisSize(x.shape, axis));
  return x.recorder.add('transpose', [x], { permutation: [...permutation] }, shape, x.dtype);
}

/** Joins tensors along `axis`; the other axes are equal. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const [first] = tensors;
  if (first === undefined) {
    throw new GraphError('concat', 'got no tensors, wanted at least one');
  }
  const along = resolveAxis('concat', first, axis);
  if (tensors.length === 1) {
    return first;
  }
  for (const tensor of tensors) {
    const fits =
      tensor.shape.length === first.shape.length &&
      tensor.shape.every((size, index) => index === along || size === first.shape[index]);
    if (!fits || tensor.dtype !== first.dtype) {
      throw new GraphError(
        'concat',
        `got ${tensor.dtype} ${formatShape(tensor.shape)} beside ${first.dtype} ${formatShape(first.shape)}, wanted the same but for axis ${along}`,
      );
    }
  }
  const shape = first.shape.map((size, index) =>
    index === along
      ? tensors.reduce((sum, tensor) => sum + axisSize(tensor.shape, along), 0)
      : size,
  );
  return first.recorder.add('concat', tensors, { axis: along }, shape, first.dtype);
}

/**
 * Elements `start` up to, not including, `end` of one axis; both may count from the end.
 *
 * Without an end, all from `start` on. At least one element remains.
 */
export function slice(x: Tensor, axis: number, start: number, end?: number): Tensor {
  const along = resolveAxis('slice', x, axis);
  const size = axisSize(x.shape, along);
  const resolve = (position: number): number => (position < 0 ? position + size : position);
  const from = resolve(start);
  const to = end === undefined ? size : resolve(end);
  const whole = Number.isInteger(from) && Number.isInteger(to);
  if (!whole || from < 0 || from >= to || to > size) {
    throw new GraphError(
      'slice',
      `${start} to ${end ?? 'the end'} does not lie within the ${size} elements at axis ${along} of ${formatShape(x.shape)}`,
    );
  }
  if (from === 0 && to === size) {
    return x;
  }
  const starts = x.shape.map((_, index) => (index === along ? from : 0));
  const shape = x.shape.map((length, index) => (index === along ? to - from : length));
  return x.recorder.add('slice', [x], { starts }, shape, x.dtype);
}

/** Cuts an axis into `count` equal parts. */
export function split(x: Tensor, axis: number, count: number): Tensor[] {
  expectPositive('split', 'count', [count]);
  const along = resolveAxis('split', x, axis);
  const size = axisSize(x.shape, along);
  if (size % count !== 0) {
    throw new GraphError(
      'split',
      `${size} at axis ${along} of ${formatShape(x.shape)} does not divide into ${count} parts`,
    );
  }
  const part = size / count;
  return Array.from({ length: count }, (_, index) =>
    slice(x, along, index * part, (index + 1) * part),
  );
}

/** Adds constant elements before and after every axis. */
export function pad(
  x: Tensor,
  before: readonly number[],
  after: readonly number[],
  value = 0,
): Tensor {
  const rank = x.shape.length;
  if (before.length !== rank || after.length !== rank) {
    throw new GraphError(
      'pad',
      `got ${formatShape(before)} before and ${formatShape(after)} after, wanted ${rank} sizes each for ${formatShape(x.shape)}`,
    );
  }
  expectNatural('pad', 'before', before);
  expectNatural('pad', 'after', after);
  if (x.dtype === 'i32') {
    expectI32('pad', [value]);
  }
  const shape = x.shape.map((size, axis) => size + (before[axis] ?? 0) + (after[axis] ?? 0));
  return x.recorder.add(
    'pad',
    [x],
    { before: [...before], after: [...after], value },
    shape,
    x.dtype,
  );
}

/** Repeats axes of size 1, and adds leading ones, until x has `shape`. */
export function expand(x: Tensor, shape: readonly number[]): Tensor {
  expectPositive('expand', 'shape', shape);
  const result = broadcastShapes('expand', x.shape, shape);
  if (formatShape(result) !== formatShape(shape)) {
    throw new GraphError(
      'expand',
      `${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`,
    );
  }
  return formatShape(x.shape) === formatShape(shape)
    ? x
    : x.recorder.add('expand', [x], {}, [...shape], x.dtype);
}

/**
 * Picks rows of a table.
 *
 * @param table - `[rows, ...rest]`
 * @param indices - i32, any shape; values outside 0..rows-1 are clamped to it by every backend
 * @returns `[...indices, ...rest]`
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  if (indices.dtype !== 'i32') {
    throw new GraphError(
      'gather',
      `indices are ${indices.dtype}, wanted i32; use cast(indices, 'i32')`,
    );
  }
  if (table.shape.length === 0) {
    throw new GraphError('gather', 'table is a scalar, wanted at least one axis');
  }
  const shape = [...indices.shape, ...table.shape.slice(1)];
  return table.recorder.add('gather', [table, indices], {}, shape, table.dtype);
}
