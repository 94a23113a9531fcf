// Set operations on two masks that never leave their run lengths: both lists are walked once.

import { assertSameSize } from './bitmap.ts';
import { assertRle, type Rle } from './run-length.ts';

/**
 * Walks both masks and reports each stretch over which neither changes.
 *
 * @throws MaskError `size-mismatch`, `invalid-size` or `invalid-rle`
 */
function walk(
  first: Rle,
  second: Rle,
  visit: (length: number, inFirst: boolean, inSecond: boolean) => void,
): void {
  assertRle(first);
  assertRle(second);
  assertSameSize(
    { width: first.size[1], height: first.size[0] },
    { width: second.size[1], height: second.size[0] },
  );
  const total = first.size[0] * first.size[1];
  let firstIndex = -1;
  let secondIndex = -1;
  let firstEnd = 0;
  let secondEnd = 0;
  let position = 0;
  while (position < total) {
    while (firstEnd === position) firstEnd += first.counts[++firstIndex]!;
    while (secondEnd === position) secondEnd += second.counts[++secondIndex]!;
    const end = Math.min(firstEnd, secondEnd);
    visit(end - position, firstIndex % 2 === 1, secondIndex % 2 === 1);
    position = end;
  }
}

function combine(
  first: Rle,
  second: Rle,
  isInside: (inFirst: boolean, inSecond: boolean) => boolean,
): Rle {
  const counts: number[] = [];
  let inside = false;
  let run = 0;
  walk(first, second, (length, inFirst, inSecond) => {
    if (isInside(inFirst, inSecond) !== inside) {
      counts.push(run);
      run = 0;
      inside = !inside;
    }
    run += length;
  });
  if (run > 0) counts.push(run);
  return { size: [first.size[0], first.size[1]], counts };
}

/**
 * Pixels in either mask.
 *
 * @throws MaskError `size-mismatch`, `invalid-size` or `invalid-rle`
 */
export function rleUnion(first: Rle, second: Rle): Rle {
  return combine(first, second, (inFirst, inSecond) => inFirst || inSecond);
}

/**
 * Pixels in both masks.
 *
 * @throws MaskError `size-mismatch`, `invalid-size` or `invalid-rle`
 */
export function rleIntersection(first: Rle, second: Rle): Rle {
  return combine(first, second, (inFirst, inSecond) => inFirst && inSecond);
}

/**
 * Pixels in the first mask that are not in the second.
 *
 * @throws MaskError `size-mismatch`, `invalid-size` or `invalid-rle`
 */
export function rleDifference(first: Rle, second: Rle): Rle {
  return combine(first, second, (inFirst, inSecond) => inFirst && !inSecond);
}

/**
 * Pixels in both of two valid masks of one size, by arithmetic on their runs alone. Unlike
 * {@link rleIou} it checks nothing, for the many pairs of a suppression.
 *
 * @internal
 */
export function intersectionArea(first: Rle, second: Rle): number {
  const [a, b] = [first.counts, second.counts];
  let area = 0;
  // The current run inside of each, as positions, and the index of the count after it.
  let [aIndex, aStart, aEnd] = [0, 0, 0];
  let [bIndex, bStart, bEnd] = [0, 0, 0];
  for (;;) {
    if (aEnd <= bEnd) {
      if (aIndex + 1 >= a.length) return area;
      aStart = aEnd + a[aIndex]!;
      aEnd = aStart + a[aIndex + 1]!;
      aIndex += 2;
    } else {
      if (bIndex + 1 >= b.length) return area;
      bStart = bEnd + b[bIndex]!;
      bEnd = bStart + b[bIndex + 1]!;
      bIndex += 2;
    }
    const shared = Math.min(aEnd, bEnd) - Math.max(aStart, bStart);
    if (shared > 0) area += shared;
  }
}

/**
 * Area of the intersection over area of the union, 0 to 1. Two empty masks give 0, as pycocotools
 * has it.
 *
 * @throws MaskError `size-mismatch`, `invalid-size` or `invalid-rle`
 */
export function rleIou(first: Rle, second: Rle): number {
  let intersection = 0;
  let union = 0;
  walk(first, second, (length, inFirst, inSecond) => {
    if (inFirst && inSecond) intersection += length;
    if (inFirst || inSecond) union += length;
  });
  return union === 0 ? 0 : intersection / union;
}
