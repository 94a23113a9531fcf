import { expect, test } from 'vitest';

import { channelsFirst, channelsLast, leadingBlock, toWindows } from './layout.ts';

test('channels first and last are each other turned back', () => {
  const map = Float32Array.from({ length: 2 * 2 * 3 * 4 }, (_, index) => index);
  const planes = channelsFirst(map, [2, 2, 3, 4]);
  expect([...planes.subarray(0, 6)]).toEqual([0, 4, 8, 12, 16, 20]);
  expect(channelsLast(planes, [2, 4, 2, 3])).toEqual(map);
  expect(() => channelsFirst(map, [2, 2, 3, 5])).toThrow(RangeError);
});

test('the leading block keeps the first rows of every axis', () => {
  const values = Array.from({ length: 3 * 4 * 2 }, (_, index) => index);
  expect([...leadingBlock(values, [3, 4, 2], [2, 3, 2])]).toEqual([
    0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13,
  ]);
  expect([...leadingBlock(values, [3, 4, 2], [3, 4, 2])]).toEqual(values);
});

test('windows say which of their values lie inside of the map', () => {
  const { values, inside } = toWindows([1, 2, 3, 4, 5, 6], [1, 2, 3, 1], 2);
  expect([...values]).toEqual([1, 2, 4, 5, 3, 0, 6, 0]);
  expect([...inside]).toEqual([1, 1, 1, 1, 1, 0, 1, 0]);
});
