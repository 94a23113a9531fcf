import { readView } from '../elementwise/elementwise.reference.ts';
import { elementCount, type View } from '../view/view.ts';

/** What a target buffer holds after a copy. */
export function copyReference(
  data: ArrayLike<number>,
  x: View,
  before: ArrayLike<number>,
  target: View,
): number[] {
  const result = Array.from(before);
  const places = readView(
    result.map((_, index) => index),
    target,
  );
  readView(data, x).forEach((value, index) => {
    result[places[index]!] = value;
  });
  return result;
}

/** A view with `value` around it. */
export function padReference(
  data: ArrayLike<number>,
  x: View,
  before: readonly number[],
  after: readonly number[],
  value: number,
): number[] {
  const shape = x.shape.map((size, axis) => before[axis]! + size + after[axis]!);
  const values = readView(data, x);
  return Array.from({ length: elementCount(shape) }, (_, index) => {
    let rest = index;
    let at = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const position = (rest % shape[axis]!) - before[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      if (position < 0 || position >= x.shape[axis]!) return value;
      at += position * step;
      step *= x.shape[axis]!;
    }
    return values[at]!;
  });
}
