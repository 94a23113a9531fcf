import { elementCount, type View } from '../view/view.ts';
import type { ElementwiseKind } from './elementwise.ts';

/** The definitions in float64. */
export const BINARY_REFERENCE: {
  readonly [Kind in ElementwiseKind]: (a: number, b: number) => number;
} = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
  pow: (a, b) => a ** b,
  equal: (a, b) => Number(a === b),
  greater: (a, b) => Number(a > b),
  greaterOrEqual: (a, b) => Number(a >= b),
  less: (a, b) => Number(a < b),
  lessOrEqual: (a, b) => Number(a <= b),
};

/** The elements of a view in row-major order. */
export function readView(data: ArrayLike<number>, { shape, strides, offset }: View): Float64Array {
  const result = new Float64Array(elementCount(shape));
  for (let index = 0; index < result.length; index++) {
    let rest = index;
    let at = offset;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    result[index] = data[at]!;
  }
  return result;
}
