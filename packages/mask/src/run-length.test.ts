import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bitmapArea, bitmapBounds, bitmapFrom, type Bitmap } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { rleIntersection, rleIou, rleUnion } from './run-length-sets.ts';
import { fromCompressedRle, toCompressedRle, type CompressedRle } from './run-length-text.ts';
import { assertRle, decodeRle, encodeRle, rleArea, rleBounds, type Rle } from './run-length.ts';

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 17 }),
  height: fc.integer({ min: 1, max: 17 }),
});

function bitmapsOf(width: number, height: number): fc.Arbitrary<Bitmap> {
  const length = width * height;
  return fc
    .array(fc.boolean(), { minLength: length, maxLength: length })
    .map((values) => bitmapFrom(values, width, height));
}

const bitmaps = sizes.chain(({ width, height }) => bitmapsOf(width, height));
const pairs = sizes.chain(({ width, height }) =>
  fc.tuple(bitmapsOf(width, height), bitmapsOf(width, height)),
);

function errorOf(action: () => unknown): MaskError {
  try {
    action();
  } catch (error) {
    if (error instanceof MaskError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Errors of any other kind are not caught, and fail the test. */
function readOrRefusal(compressed: CompressedRle): Rle | MaskError {
  try {
    return fromCompressedRle(compressed);
  } catch (error) {
    if (error instanceof MaskError) return error;
    throw error;
  }
}

describe('run lengths', () => {
  test('go down the columns and start outside', () => {
    // .#
    // ##
    const bitmap = bitmapFrom([0, 1, 1, 1], 2, 2);
    expect(encodeRle(bitmap)).toEqual({ size: [2, 2], counts: [1, 3] });
    expect(encodeRle(bitmapFrom([1, 0, 0, 0], 2, 2))).toEqual({ size: [2, 2], counts: [0, 1, 3] });
    expect(encodeRle(bitmapFrom([0, 0], 1, 2))).toEqual({ size: [2, 1], counts: [2] });
  });

  test('survive every way around', () => {
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const rle = encodeRle(bitmap);
        // The definition itself, read column by column.
        const columns = Array.from({ length: bitmap.data.length }, (_, i) => {
          const [x, y] = [Math.floor(i / bitmap.height), i % bitmap.height];
          return bitmap.data[y * bitmap.width + x]!;
        });
        expect(rle.counts.flatMap((count, i) => Array<number>(count).fill(i % 2))).toEqual(columns);
        expect(decodeRle(rle)).toEqual(bitmap);
        expect(fromCompressedRle(toCompressedRle(rle))).toEqual(rle);
        expect(rleArea(rle)).toBe(bitmapArea(bitmap));
        expect(rleBounds(rle)).toEqual(bitmapBounds(bitmap));
      }),
    );
  });

  test('may hold empty runs', () => {
    const rle: Rle = { size: [2, 3], counts: [1, 1, 0, 1, 2, 0, 1, 0] };
    const bitmap = decodeRle(rle);
    expect([...bitmap.data]).toEqual([0, 1, 0, 1, 0, 0]);
    expect(rleArea(rle)).toBe(2);
    expect(rleBounds(rle)).toEqual(bitmapBounds(bitmap));
    expect(rleIou(rle, encodeRle(bitmap))).toBe(1);
  });

  test('union, intersection and IoU equal those of the pixels', () => {
    fc.assert(
      fc.property(pairs, ([first, second]) => {
        const { width, height } = first;
        const either = first.data.map((value, i) => value | second.data[i]!);
        const both = first.data.map((value, i) => value & second.data[i]!);
        const union = bitmapFrom(either, width, height);
        const intersection = bitmapFrom(both, width, height);
        const [a, b] = [encodeRle(first), encodeRle(second)];
        expect(rleUnion(a, b)).toEqual(encodeRle(union));
        expect(rleIntersection(a, b)).toEqual(encodeRle(intersection));
        const area = bitmapArea(union);
        expect(rleIou(a, b)).toBe(area === 0 ? 0 : bitmapArea(intersection) / area);
      }),
    );
  });

  test('set operations refuse masks of different images', () => {
    const [a, b] = [encodeRle(bitmapFrom([1, 0], 2, 1)), encodeRle(bitmapFrom([1, 0], 1, 2))];
    expect(errorOf(() => rleIou(a, b)).code).toBe('size-mismatch');
  });
});

describe('compressed run lengths', () => {
  test('hold runs up to the largest mask', () => {
    const rle: Rle = { size: [2 ** 16, 2 ** 15 - 1], counts: [0, 1, 2 ** 31 - 2 ** 16 - 2, 1] };
    expect(fromCompressedRle(toCompressedRle(rle))).toEqual(rle);
  });

  test.each<[string, unknown, string]>([
    ['cut off within a number', 'X', 'cut off'],
    ['foreign character', '0 4', 'at character 1'],
    ['character above the range', '0p', "'o'"],
    ['number without end', 'oooooooooo', 'more than 7'],
    ['negative run', 'N', '-2 pixels'],
    ['run beyond 32 bits', 'oooooo?', 'pixels'],
    ['too few pixels', '3', 'sum to 3'],
    ['too many pixels', '06', 'sum to 6'],
    ['no string', [1, 2], 'type object'],
  ])('refuse %s', (_, counts, part) => {
    const error = errorOf(() => fromCompressedRle({ size: [2, 2], counts: counts as string }));
    expect(error.code).toBe('invalid-rle');
    expect(error.message).toContain(part);
  });

  test('any string is either read or refused with a typed error', () => {
    const character = fc.integer({ min: 40, max: 120 }).map((code) => String.fromCharCode(code));
    const strings = fc.oneof(
      fc.string(),
      fc.array(character).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(sizes, strings, ({ width, height }, counts) => {
        const rle = readOrRefusal({ size: [height, width], counts });
        if (rle instanceof MaskError) return;
        // What was read is a mask, and reading it again after writing gives the same.
        expect(fromCompressedRle(toCompressedRle(rle))).toEqual(rle);
        expect(bitmapArea(decodeRle(rle))).toBe(rleArea(rle));
      }),
      { numRuns: 500 },
    );
  });

  test('a string with one character changed never yields pixels beyond the mask', () => {
    fc.assert(
      fc.property(bitmaps, fc.nat(), fc.integer({ min: 48, max: 111 }), (bitmap, at, code) => {
        const { size, counts } = toCompressedRle(encodeRle(bitmap));
        const index = at % counts.length;
        const changed =
          counts.slice(0, index) + String.fromCharCode(code) + counts.slice(index + 1);
        const rle = readOrRefusal({ size, counts: changed });
        if (rle instanceof MaskError) return;
        expect(decodeRle(rle).data.length).toBe(bitmap.data.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('assertRle', () => {
  test.each<[unknown, string]>([
    [{ size: [2, 2], counts: [1.5, 2.5] }, 'invalid-rle'],
    [{ size: [2, 2], counts: [5, -1] }, 'invalid-rle'],
    [{ size: [2, 2], counts: ['4'] }, 'invalid-rle'],
    [{ size: [2, 2], counts: [Number.NaN] }, 'invalid-rle'],
    [{ size: [2, 2], counts: [3] }, 'invalid-rle'],
    [{ size: [2, 2], counts: '04' }, 'invalid-rle'],
    [{ size: [4], counts: [4] }, 'invalid-rle'],
    [{ size: undefined, counts: [4] }, 'invalid-rle'],
    [{ size: [0, 2], counts: [] }, 'invalid-size'],
    [{ size: [2 ** 16, 2 ** 16], counts: [2 ** 32] }, 'invalid-size'],
  ])('refuses %j', (rle, code) => {
    expect(errorOf(() => assertRle(rle as Rle)).code).toBe(code);
  });
});
