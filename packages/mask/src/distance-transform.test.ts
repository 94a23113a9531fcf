import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bitmapFrom, createBitmap, type Bitmap } from './bitmap.ts';
import { distanceTransform } from './distance-transform.ts';
import { bitmapArbitrary } from './fixtures/bitmap-arbitrary.ts';
import { Mask } from './mask.ts';
import { MaskError } from './mask-error.ts';

/** Bitmaps from nearly empty to nearly full, so that far and missing pixels are met, too. */
const bitmaps = bitmapArbitrary(24, [0.02, 0.2, 0.5, 0.8, 0.98]);

/** The definition: the least distance over all pixels of the other kind. */
function bruteForce({ width, data }: Bitmap, signed: boolean, limit: number): number[] {
  return Array.from(data, (inside, pixel) => {
    if (inside === 1 && !signed) return 0;
    let least = limit * limit;
    for (let other = 0; other < data.length; other++) {
      if (data[other] === inside) continue;
      const dx = (pixel % width) - (other % width);
      const dy = Math.floor(pixel / width) - Math.floor(other / width);
      least = Math.min(least, dx * dx + dy * dy);
    }
    return Math.fround((inside === 1 ? -1 : 1) * Math.sqrt(least));
  });
}

describe('distanceTransform', () => {
  test('equals the definition, exactly', () => {
    fc.assert(
      fc.property(bitmaps, fc.boolean(), (bitmap, signed) => {
        const distances = distanceTransform(bitmap, { signed });
        expect([...distances]).toEqual(bruteForce(bitmap, signed, Infinity));
      }),
      { numRuns: 500 },
    );
  });

  test('stops at the limit', () => {
    fc.assert(
      fc.property(
        bitmaps,
        fc.boolean(),
        fc.constantFrom(0.5, 1, Math.SQRT2, 3, 4.5, 5),
        (bitmap, signed, limit) => {
          const distances = distanceTransform(bitmap, { signed, limit });
          expect([...distances]).toEqual(bruteForce(bitmap, signed, limit));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('measures single pixels and thin pictures', () => {
    const row = bitmapFrom([0, 0, 1, 0, 0, 0], 6, 1);
    expect([...distanceTransform(row)]).toEqual([2, 1, 0, 1, 2, 3]);
    expect([...distanceTransform(row, { signed: true })]).toEqual([2, 1, -1, 1, 2, 3]);
    const column = bitmapFrom([1, 1, 1, 0], 1, 4);
    expect([...distanceTransform(column, { signed: true })]).toEqual([-3, -2, -1, 1]);
    expect([...distanceTransform(bitmapFrom([1], 1, 1))]).toEqual([0]);
  });

  test('gives the limit where there is nothing to measure to', () => {
    const empty = createBitmap(3, 2);
    const full = bitmapFrom(Array<number>(6).fill(1), 3, 2);
    expect([...distanceTransform(empty)]).toEqual(Array(6).fill(Infinity));
    expect([...distanceTransform(full)]).toEqual(Array(6).fill(0));
    expect([...distanceTransform(full, { signed: true })]).toEqual(Array(6).fill(-Infinity));
    expect([...distanceTransform(empty, { limit: 7 })]).toEqual(Array(6).fill(7));
    expect([...distanceTransform(full, { signed: true, limit: 7 })]).toEqual(Array(6).fill(-7));
  });

  test('takes a mask, and leaves it as it is', () => {
    const bitmap = bitmapFrom([0, 1, 1, 0], 2, 2);
    const distances = distanceTransform(Mask.fromBitmap(bitmap), { signed: true });
    expect([...distances]).toEqual([1, -1, -1, 1]);
    expect([...bitmap.data]).toEqual([0, 1, 1, 0]);
  });

  test('refuses what it cannot measure', () => {
    const codeOf = (action: () => unknown): unknown => {
      try {
        action();
      } catch (error) {
        return error instanceof MaskError ? error.code : error;
      }
      return 'nothing was thrown';
    };
    const bitmap = createBitmap(2, 2);
    expect(codeOf(() => distanceTransform(bitmap, { limit: 0 }))).toBe('invalid-option');
    expect(codeOf(() => distanceTransform(bitmap, { limit: Number.NaN }))).toBe('invalid-option');
    const short = { width: 2, height: 2, data: new Uint8Array(3) };
    expect(codeOf(() => distanceTransform(short))).toBe('size-mismatch');
  });
});
