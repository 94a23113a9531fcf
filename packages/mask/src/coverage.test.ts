import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { bitmapFrom } from './bitmap.ts';
import { coverageOf } from './coverage.ts';
import { encodeRle } from './run-length.ts';

test('counts the masks over each pixel', () => {
  const side = fc.integer({ min: 1, max: 9 });
  const masks = fc.tuple(side, side).chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      values: fc.array(
        fc.array(fc.boolean(), { minLength: width * height, maxLength: width * height }),
        { maxLength: 5 },
      ),
    }),
  );
  fc.assert(
    fc.property(masks, ({ width, height, values }) => {
      const rles = values.map((value) => encodeRle(bitmapFrom(value, width, height)));
      const coverage = coverageOf(rles, { width, height });
      const wanted = Array.from(
        { length: width * height },
        (_, i) => values.filter((value) => value[i]).length,
      );
      expect([...coverage.counts]).toEqual(wanted);
      const bare = wanted.map((count) => count === 0);
      expect(coverage.uncovered).toEqual(encodeRle(bitmapFrom(bare, width, height)));
      expect(coverage.share).toBeCloseTo(bare.filter((is) => !is).length / bare.length, 12);
    }),
  );
});

test('refuses masks of another picture', () => {
  const rle = { size: [2, 3] as const, counts: [6] };
  expect(() => coverageOf([rle], { width: 2, height: 3 })).toThrow('size of the image');
});
