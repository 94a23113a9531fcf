import { bitmapFrom } from '@samgpu/mask';
import { expect, test } from 'vitest';

import { comparedAreas, comparedBits, comparedMasks } from './masks.ts';

const masks = [bitmapFrom([1, 1, 0, 0], 2, 2), bitmapFrom([0, 0, 0, 0], 2, 2)];
const stage = { name: 'masks', shape: [2, 2, 2], minimumIoU: 0.9 };

test('equal masks overlap wholly, empty ones too', () => {
  const result = comparedMasks(stage, masks, Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0));
  expect(result).toMatchObject({ pass: true, maskIoU: 1, differingPixels: 0, maxAbs: 0 });
});

test('the worst mask counts', () => {
  const result = comparedMasks(stage, masks, Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0));
  expect(result).toMatchObject({ pass: false, differingPixels: 1 });
  expect(result.maskIoU).toBeCloseTo(2 / 3);
  expect(result.maxAbs).toBeGreaterThan(result.limit);
});

test('another number of pixels is an error', () => {
  const result = comparedMasks(stage, masks, Uint8Array.of(1, 1));
  expect(result).toMatchObject({ pass: false, maxAbs: Number.MAX_VALUE });
  expect(result.error).toContain('2 masks of 4 pixels');
});

test.each([
  [1, true],
  [0, false],
])('with %i pixels near the threshold, one that differs passes: %s', (allowed, pass) => {
  const official = Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0);
  expect(comparedBits('bits', [2, 2, 2], masks, official, allowed)).toMatchObject({
    pass,
    maxAbs: 1,
    limit: allowed,
  });
});

test('areas differ relative to the larger one', () => {
  expect(comparedAreas('area', [90, 0], [100, 0], 0.9)).toMatchObject({ pass: true });
  expect(comparedAreas('area', [100, 1], [100, 0], 0.9)).toMatchObject({
    pass: false,
    worst: { index: 1, got: 1, expected: 0 },
  });
  expect(comparedAreas('area', [100], [100, 0], 0.9).error).toContain('1 masks, the case has 2');
});
