import { Mask } from '@samgpu/mask';
import { expect, test } from 'vitest';

import { lassoRegion } from './regions.ts';
import { segmentRequest } from './segment-request.ts';
import type { SessionPrompt } from './session-prompt.ts';

const image = { width: 64, height: 48 };
const all = {
  includePoints: true,
  excludePoints: true,
  boxes: true,
  previousMask: true,
  everything: true,
  text: false,
  matte: false,
};
const square = [
  { x: 10, y: 10 },
  { x: 30, y: 10 },
  { x: 30, y: 30 },
  { x: 10, y: 30 },
];
const click: SessionPrompt = { id: '1', kind: 'point', x: 5, y: 6, label: 'include' };
const lasso: SessionPrompt = { id: '2', kind: 'lasso', path: square, label: 'include' };
const cut: SessionPrompt = { id: '3', kind: 'lasso', path: square, label: 'exclude' };
const stroke: SessionPrompt = { id: '4', kind: 'scribble', path: square, label: 'include' };
const box: SessionPrompt = {
  id: '5',
  kind: 'box',
  box: { x: 1, y: 2, width: 30, height: 40 },
};
const logits = { width: 2, height: 2, data: new Float32Array(4) };
const full = Mask.fromBitmap(
  { width: 64, height: 48, data: new Uint8Array(64 * 48).fill(1) },
  { logits },
);
const given: SessionPrompt = { id: '6', kind: 'mask', mask: full };

test('clicks and boxes go as they are; one click may mean several things', () => {
  const point = { x: 5, y: 6, label: 'include' };
  expect(segmentRequest([click], image, all, undefined)).toEqual({
    points: [point],
    answers: 'ambiguous',
  });
  expect(segmentRequest([box, click], image, all, undefined)).toEqual({
    points: [point],
    box: box.box,
    answers: 'clear',
  });
});

test('logits of the answer before go along, those of a mask that was given, too', () => {
  const previous = { count: 1, mask: full };
  expect(segmentRequest([click, click], image, all, previous).mask).toBe(logits);
  expect(segmentRequest([given, click], image, all, undefined).mask).toBe(full);
});

test('an outline is a mask and a box, without a point', () => {
  const request = segmentRequest([lasso], image, all, undefined);
  expect(request).toMatchObject({ box: { x: 10, y: 10, width: 20, height: 20 }, answers: 'clear' });
  expect(request.points).toBeUndefined();
  expect((request.mask as Mask).bounds).toEqual({ x: 10, y: 10, width: 20, height: 20 });
  // What is said later belongs to the object, too.
  expect(segmentRequest([lasso, click], image, all, undefined).box).toEqual({
    x: 5,
    y: 6,
    width: 25,
    height: 24,
  });
});

test('large outlines lose what hands keep from an object, 3 % of its size', () => {
  const large = square.map(({ x, y }) => ({ x: x * 10, y: y * 10 }));
  const region = lassoRegion(large, { width: 640, height: 480 });
  expect(region.bounds).toEqual({ x: 106, y: 106, width: 188, height: 188 });
});

test('an outline after something else adds to the mask before, or takes away, with a point in it', () => {
  const quarter = Mask.fromBitmap({
    width: 64,
    height: 48,
    data: Uint8Array.from({ length: 64 * 48 }, (_, i) => (i % 64 < 12 ? 1 : 0)),
  });
  const previous = { count: 1, mask: quarter };
  const added = segmentRequest([click, lasso], image, all, previous);
  expect(added.points).toHaveLength(2);
  expect(added.points![1]!.label).toBe('include');
  expect((added.mask as Mask).contains(25, 20)).toBe(true);
  expect((added.mask as Mask).contains(5, 40)).toBe(true);
  const taken = segmentRequest([click, cut], image, all, { count: 1, mask: full });
  expect(taken.points![1]).toEqual({
    x: expect.closeTo(20, 0),
    y: expect.closeTo(20, 0),
    label: 'exclude',
  });
  expect((taken.mask as Mask).contains(20, 20)).toBe(false);
  expect((taken.mask as Mask).contains(40, 20)).toBe(true);
  // What was answered already is in the mask before.
  expect(segmentRequest([click, cut, click], image, all, { count: 2, mask: full }).mask).toBe(
    logits,
  );
});

test('a stroke is a hint and three points', () => {
  const request = segmentRequest([stroke], image, all, undefined);
  expect(request).toMatchObject({ isHint: true, answers: 'clear' });
  expect(request.points).toHaveLength(3);
  expect((request.mask as Mask).contains(20, 10)).toBe(true);
  expect((request.mask as Mask).contains(20, 20)).toBe(false);
  expect(segmentRequest([click, stroke], image, all, { count: 1, mask: full }).isHint).toBe(
    undefined,
  );
});

test('models that take less are told what they understand', () => {
  const points = { ...all, boxes: false, previousMask: false };
  expect(segmentRequest([lasso], image, points, undefined)).toEqual({
    points: [{ x: expect.closeTo(20, 0), y: expect.closeTo(20, 0), label: 'include' }],
    answers: 'ambiguous',
  });
  expect(segmentRequest([box], image, points, undefined)).toEqual({
    points: [{ x: 16, y: 22, label: 'include' }],
    answers: 'ambiguous',
  });
  expect(segmentRequest([given], image, { ...all, previousMask: false }, undefined)).toMatchObject({
    box: { x: 0, y: 0, width: 64, height: 48 },
  });
  expect(segmentRequest([lasso], image, { ...all, previousMask: false }, undefined)).toEqual({
    box: { x: 10, y: 10, width: 20, height: 20 },
    answers: 'clear',
  });
  const noExcluding = { ...all, excludePoints: false };
  expect(
    segmentRequest([click, { ...click, label: 'exclude' }], image, noExcluding, undefined).points,
  ).toHaveLength(1);
});
