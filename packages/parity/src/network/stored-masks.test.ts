import { expect, test } from 'vitest';

import { storedMasks } from './check-answers.ts';

/** Masks of four pixels, of which so many are set. */
function bitsOf(areas: readonly number[]): Uint8Array {
  return Uint8Array.from(areas.flatMap((area) => [0, 1, 2, 3].map((i) => (i < area ? 1 : 0))));
}

test('all masks, or every n-th, by their number and areas', () => {
  const areas = [1, 2, 3, 4, 1, 2, 3];
  expect(storedMasks(7, 7, bitsOf(areas), areas)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(storedMasks(7, 3, bitsOf([1, 4, 3]), areas)).toEqual([0, 3, 6]);
  // Four of seven are every second one.
  expect(storedMasks(7, 4, bitsOf([1, 3, 1, 3]), areas)).toEqual([0, 2, 4, 6]);
});

test('none where no step gives these areas', () => {
  expect(storedMasks(7, 3, bitsOf([1, 1, 1]), [1, 2, 3, 4, 1, 2, 3])).toBeUndefined();
  expect(storedMasks(4, 3, bitsOf([1, 2, 3]), [1, 2, 3, 4])).toBeUndefined();
});
