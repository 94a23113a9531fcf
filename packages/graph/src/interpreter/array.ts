import { elementCount, stridesOf } from '../shape.ts';

/** A dense row-major tensor in float64. Integers are exact in it. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function emptyArray(shape: readonly number[]): NumericArray {
  return { shape, data: new Float64Array(elementCount(shape)) };
}

/** An operand that is known to be there. */
export function operand(inputs: readonly NumericArray[], index: number): NumericArray {
  const array = inputs[index];
  if (array === undefined) {
    throw new RangeError(`operand ${index} of ${inputs.length} does not exist`);
  }
  return array;
}

/**
 * For each element of `shape`, in order, the offset of the element of x that it takes when axis i
 * of the result walks x by `steps[i]` from `start`.
 */
export function walk(
  shape: readonly number[],
  steps: readonly number[],
  start: number,
  visit: (target: number, source: number) => void,
): void {
  const rank = shape.length;
  const count = elementCount(shape);
  const position = new Array<number>(rank).fill(0);
  let source = start;
  for (let target = 0; target < count; target++) {
    visit(target, source);
    for (let axis = rank - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      const step = steps[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        position[axis] = next;
        source += step;
        break;
      }
      position[axis] = 0;
      source -= step * (next - 1);
    }
  }
}

/** Steps through x when it is broadcast to `shape`: 0 along repeated axes. */
export function broadcastSteps(x: readonly number[], shape: readonly number[]): number[] {
  const strides = stridesOf(x);
  const missing = shape.length - x.length;
  return shape.map((_, axis) =>
    axis < missing || x[axis - missing] === 1 ? 0 : (strides[axis - missing] ?? 0),
  );
}

/** x repeated along axes of size 1 to `shape`. */
export function broadcastTo(x: NumericArray, shape: readonly number[]): Float64Array {
  const result = new Float64Array(elementCount(shape));
  walk(shape, broadcastSteps(x.shape, shape), 0, (target, source) => {
    result[target] = x.data[source] ?? Number.NaN;
  });
  return result;
}
