/** Layout operations that move no element: they only say anew where the elements lie. */
import { stridesOf } from '@samgpu/graph';
import type { View } from '@samgpu/kernels';

/** Whether a view lists its elements without gaps and in order, from its offset on. */
export function isDense({ shape, strides }: View): boolean {
  const dense = stridesOf(shape);
  return shape.every((size, axis) => size === 1 || strides[axis] === dense[axis]);
}

export function transposeView({ shape, strides, offset }: View, axes: readonly number[]): View {
  return {
    shape: axes.map((axis) => shape[axis]!),
    strides: axes.map((axis) => strides[axis]!),
    offset,
  };
}

export function sliceView(view: View, starts: readonly number[], shape: readonly number[]): View {
  const skipped = starts.reduce((sum, start, axis) => sum + start * view.strides[axis]!, 0);
  return { shape, strides: view.strides, offset: view.offset + skipped };
}

/**
 * The view in another shape of the same elements, or undefined where the elements of a new axis do
 * not lie at equal distances.
 */
export function reshapeView(view: View, shape: readonly number[]): View | undefined {
  // Axes of size 1 carry no information, and their strides may be anything.
  const sizes = view.shape.filter((size) => size !== 1);
  const strides = view.strides.filter((_, axis) => view.shape[axis] !== 1);
  const result = new Array<number>(shape.length).fill(0);
  let oldAxis = 0;
  let newAxis = 0;
  while (newAxis < shape.length) {
    if (shape[newAxis] === 1) {
      newAxis++;
      continue;
    }
    // The shortest runs of old and of new axes that hold equally many elements.
    const oldStart = oldAxis;
    const newStart = newAxis;
    let oldCount = sizes[oldAxis++]!;
    let newCount = shape[newAxis++]!;
    while (oldCount !== newCount) {
      if (oldCount < newCount) {
        oldCount *= sizes[oldAxis++]!;
      } else {
        newCount *= shape[newAxis++]!;
      }
    }
    for (let axis = oldStart; axis < oldAxis - 1; axis++) {
      if (strides[axis] !== strides[axis + 1]! * sizes[axis + 1]!) {
        return undefined;
      }
    }
    let stride = strides[oldAxis - 1]!;
    for (let axis = newAxis - 1; axis >= newStart; axis--) {
      result[axis] = stride;
      stride *= shape[axis]!;
    }
  }
  return { shape, strides: result, offset: view.offset };
}
