import { readView } from '../elementwise/elementwise.reference.ts';
import { elementCount, type View } from '../view/view.ts';
import type { ReduceOptions } from './reduce.ts';

const REDUCE: { readonly [Kind in ReduceOptions['kind']]: (values: Float64Array) => number } = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
};

/** The definition in float64. */
export function reduceReference(data: ArrayLike<number>, options: ReduceOptions): number[] {
  const { x, axes, kind } = options;
  const all = x.shape.map((_, axis) => axis);
  const order = [...all.filter((axis) => !axes.includes(axis)), ...axes];
  const sorted: View = {
    shape: order.map((axis) => x.shape[axis]!),
    strides: order.map((axis) => x.strides[axis]!),
    offset: x.offset,
  };
  const values = readView(data, sorted);
  const count = elementCount(axes.map((axis) => x.shape[axis]!));
  return Array.from({ length: values.length / count }, (_, result) =>
    REDUCE[kind](values.subarray(result * count, (result + 1) * count)),
  );
}
