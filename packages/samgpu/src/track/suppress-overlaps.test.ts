import { openParityCase, sharedPath } from '@samgpu/testing';
import { expect, test } from 'vitest';

import { suppressOverlaps } from './suppress-overlaps.ts';

test('leaves each place to the strongest object, of equal ones to the first', () => {
  const first = Float32Array.of(5, -3, 2, -20);
  const second = Float32Array.of(1, -1, 2, -30);
  suppressOverlaps([first, second]);
  expect([...first]).toEqual([5, -10, 2, -20]);
  expect([...second]).toEqual([-10, -1, -10, -30]);
});

test('leaves a single object as it is', () => {
  const only = Float32Array.of(5, -3);
  suppressOverlaps([only]);
  expect([...only]).toEqual([5, -3]);
});

const parts = sharedPath('parity', 'sam2_parts');

test.skipIf(parts === undefined)(
  'gives what the official code gives (needs ../shared)',
  async () => {
    const golden = await openParityCase(parts!);
    const { values, shape } = await golden.golden('overlap.in');
    const expected = await golden.golden('overlap.out');
    const length = values.length / shape[0]!;
    const objects = Array.from({ length: shape[0]! }, (_, object) =>
      values.slice(object * length, (object + 1) * length),
    );
    suppressOverlaps(objects);
    expect(objects.flatMap((own) => [...own])).toEqual([...expected.values]);
  },
);
