import { openParityCase, sharedPath } from '@samgpu/testing';
import { expect, test } from 'vitest';

import { fillHoles } from './fill-holes.ts';

const size = { width: 5, height: 4 };
// A hole of two cells that touch at a corner, one cell at the edge, and a large outside.
const logits = Float32Array.from(
  [
    [3, 3, 3, 3, -1],
    [3, -2, 3, 3, 3],
    [3, 3, 0, 3, -9],
    [3, 3, 3, 3, -9],
  ].flat(),
);

test.each([
  [0, []],
  [1, [4]],
  [2, [4, 6, 12, 14, 19]],
])('fills holes of up to %i cells', (largest, filled) => {
  const result = fillHoles(logits, size, largest);
  const changed = [...result.keys()].filter((cell) => result[cell] !== logits[cell]);
  expect(changed).toEqual(filled);
  expect(changed.every((cell) => result[cell] === Math.fround(0.1))).toBe(true);
});

const parts = sharedPath('parity', 'sam2_parts');

test.skipIf(parts === undefined)(
  'fills what the official code fills (needs ../shared)',
  async () => {
    const golden = await openParityCase(parts!);
    const { values } = await golden.golden('fill_holes.in');
    const expected = await golden.golden('fill_holes.out_area8');
    const filled = fillHoles(Float32Array.from(values), { width: 96, height: 96 }, 8);
    expect([...filled]).toEqual([...expected.values]);
  },
);
