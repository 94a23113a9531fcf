import { Mask } from '@samgpu/mask';
import { expect, test } from 'vitest';

import { boundsNear } from './bounds-near.ts';
import type { Candidate } from './engine.ts';
import { promptsSatisfied, rankCandidates } from './rank-candidates.ts';

/** Columns `from` to before `to` of a picture of 8 x 4 pixels. */
function columns(from: number, to: number, score = 1): Mask {
  const data = Uint8Array.from({ length: 32 }, (_, i) => (i % 8 >= from && i % 8 < to ? 1 : 0));
  return Mask.fromBitmap({ width: 8, height: 4, data }, { score });
}

const alternative = (mask: Mask): Candidate => ({ mask, kind: 'alternative' });
const single = (mask: Mask): Candidate => ({ mask, kind: 'single' });

test('counts points and the box that a mask does justice to', () => {
  const points = [
    { x: 1.5, y: 1 },
    { x: 6, y: 1, label: 'exclude' },
  ] as const;
  expect(promptsSatisfied(columns(0, 4), { points })).toBe(2);
  expect(promptsSatisfied(columns(0, 8), { points })).toBe(1);
  expect(promptsSatisfied(columns(4, 8), { points })).toBe(0);
  const box = { x: 0, y: 0, width: 4, height: 4 };
  expect(promptsSatisfied(columns(0, 4), { box })).toBe(1);
  expect(promptsSatisfied(columns(0, 5), { box })).toBe(1); // Four of five columns.
  expect(promptsSatisfied(columns(0, 6), { box })).toBe(0);
  expect(promptsSatisfied(columns(0, 0), { box })).toBe(0);
});

test('what was asked for comes before the kind of answer, and that before the score', () => {
  const wrong = single(columns(4, 8, 1));
  const one = single(columns(0, 4, 0.2));
  const good = alternative(columns(0, 4, 0.9));
  const better = alternative(columns(0, 3, 0.95));
  const request = { points: [{ x: 1, y: 1 }], answers: 'clear' } as const;
  const all = [good, wrong, better, one];
  expect(rankCandidates(all, request, 'single')).toEqual([one, better, good, wrong]);
  expect(rankCandidates(all, request, 'alternative')).toEqual([better, good, one, wrong]);
});

test('bounds are known to a cell of the logits, without making pixels', () => {
  const data = new Float32Array(64).fill(-1);
  for (const cell of [18, 19, 26, 27, 28]) data[cell] = 1; // Rows 2 and 3, columns 2 to 4.
  const logits = { width: 8, height: 8, data };
  const frame = { width: 64, height: 64 };
  const resized = { width: 64, height: 32 };
  const size = { width: 128, height: 64 };
  const mask = Mask.fromLogits(logits, { size, path: { mode: 'two-step', frame, resized } });
  const near = boundsNear(mask);
  expect(near).toEqual({ x: 32, y: 32, width: 48, height: 32 });
  for (const side of ['x', 'y', 'width', 'height'] as const) {
    expect(Math.abs(near[side] - mask.bounds[side])).toBeLessThanOrEqual(16);
  }
  expect(boundsNear(columns(2, 5))).toEqual({ x: 2, y: 0, width: 3, height: 4 });
});
