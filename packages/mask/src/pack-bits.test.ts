import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { packBits, packedBound, unpackBits } from './pack-bits.ts';

test('PackBits gives back every row, within its bound', () => {
  const row = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 700 }),
    fc
      .array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 300 })), {
        minLength: 1,
        maxLength: 9,
      })
      .map((runs) =>
        Uint8Array.from(runs.flatMap(([value, count]) => Array<number>(count).fill(value))),
      ),
  );
  fc.assert(
    fc.property(row, (row) => {
      const packed = new Uint8Array(packedBound(row.length) + 5).fill(77);
      const length = packBits(row, packed, 2);
      expect(length).toBeLessThanOrEqual(packedBound(row.length));
      expect([...packed.subarray(2 + length)]).toEqual([...packed.subarray(2 + length).fill(77)]);
      const back = new Uint8Array(row.length);
      expect(unpackBits(packed.subarray(2, 2 + length), back)).toBe(true);
      expect(back).toEqual(row);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['too few', [0, 9]],
  ['too many', [3, 1, 2, 3, 4]],
  ['cut off', [2, 1]],
  ['a run without its byte', [254]],
])('%s', (_, packed) => {
  expect(unpackBits(Uint8Array.from(packed), new Uint8Array(3))).toBe(false);
  expect(unpackBits(Uint8Array.of(128, 254, 7), new Uint8Array(3))).toBe(true);
});
