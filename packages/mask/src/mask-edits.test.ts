import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bitmapArbitrary } from './fixtures/bitmap-arbitrary.ts';
import {
  type Bitmap,
  bitmapFrom,
  combineMasks,
  distanceTransform,
  featherMask,
  growMask,
  invertMask,
  Mask,
  MaskError,
  shrinkMask,
  smoothMask,
} from './index.ts';

/** Small masks of every kind: sparse, dense, empty, full, at the border. */
const bitmap = bitmapArbitrary(24, [0, 0.02, 0.2, 0.5, 0.95, 1]);
const radius = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 9, noNaN: true }));

/** By definition: is a pixel of this kind at most so far away? */
function isNear({ width, height, data }: Bitmap, at: number, kind: 0 | 1, pixels: number): boolean {
  const [x, y] = [at % width, Math.floor(at / width)];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const square = (column - x) ** 2 + (row - y) ** 2;
      if (data[row * width + column] === kind && square <= pixels ** 2) return true;
    }
  }
  return false;
}

function ascii({ width, data }: Bitmap): string[] {
  const text = Array.from(data, (inside) => (inside ? '#' : '.')).join('');
  return text.match(new RegExp(`.{${width}}`, 'g')) ?? [];
}

function fromAscii(...rows: readonly string[]): Mask {
  const data = Uint8Array.from(rows.join(''), (sign) => (sign === '#' ? 1 : 0));
  return Mask.fromBitmap({ width: rows[0]!.length, height: rows.length, data });
}

describe('growing and shrinking', () => {
  test('are what a disc does, by definition', () => {
    fc.assert(
      fc.property(bitmap, radius, (mask, pixels) => {
        const grown = Uint8Array.from(mask.data, (_, i) => Number(isNear(mask, i, 1, pixels)));
        const shrunk = Uint8Array.from(mask.data, (_, i) => Number(!isNear(mask, i, 0, pixels)));
        expect(growMask(mask, pixels).data).toEqual(grown);
        expect(shrinkMask(mask, pixels).data).toEqual(shrunk);
      }),
      { numRuns: 200 },
    );
  });

  test('a mask of many runs, which takes the way over distances, too', () => {
    const width = 64;
    const comb = bitmapFrom(
      Uint8Array.from(
        { length: width * width },
        (_, i) => (i % 2) ^ (Math.floor(i / width) % 3 === 0 ? 1 : 0),
      ),
      width,
      width,
    );
    const few = bitmapFrom(
      comb.data.map((inside, i) => (i < 200 ? inside : 0)),
      width,
      width,
    );
    for (const mask of [comb, few]) {
      const distances = distanceTransform(mask);
      expect(growMask(mask, 5).data).toEqual(Uint8Array.from(distances, (d) => (d <= 5 ? 1 : 0)));
    }
  });

  test('refuse to go the other way', () => {
    const mask = fromAscii('#.');
    for (const pixels of [-1, Number.NaN, Infinity]) {
      expect(() => growMask(mask, pixels)).toThrow(MaskError);
      expect(() => shrinkMask(mask, pixels)).toThrow(`shrink by ${pixels} pixels`);
    }
  });
});

describe('combining and inverting', () => {
  const [a, b] = [fromAscii('##..'), fromAscii('.##.')];

  test.each([
    ['add', '###.'],
    ['subtract', '#...'],
    ['intersect', '.#..'],
  ] as const)('%s', (combination, expected) => {
    expect(ascii(combineMasks(a, b, combination))).toEqual([expected]);
  });

  test('obey the laws of sets', () => {
    fc.assert(
      fc.property(bitmap, (mask) => {
        const rest = invertMask(mask);
        expect(combineMasks(mask, rest, 'add').area).toBe(mask.width * mask.height);
        expect(combineMasks(mask, rest, 'intersect').area).toBe(0);
        expect(combineMasks(mask, mask, 'subtract').area).toBe(0);
        expect(invertMask(rest).data).toEqual(mask.data);
      }),
      { numRuns: 50 },
    );
  });

  test('refuse masks of different pictures', () => {
    expect(() => combineMasks(a, fromAscii('#'), 'add')).toThrow(MaskError);
  });
});

describe('feathering', () => {
  test('rises evenly to both sides of the outline', () => {
    const half = fromAscii('########........');
    const { alpha, bounds } = featherMask(half, 4);
    // Smooth steps at 0.5, 1.5, … pixels from the outline, of 8 pixels in all.
    const expected = Array.from({ length: 16 }, (_, x) => {
      const t = Math.min(1, Math.max(0, 0.5 - (x - 7.5) / 8));
      return Math.round(255 * t * t * (3 - 2 * t));
    });
    expect([...alpha]).toEqual(expected);
    expect(bounds).toEqual({ x: 0, y: 0, width: 12, height: 1 });
  });

  test('by nothing is the mask itself', () => {
    fc.assert(
      fc.property(bitmap, (mask) => {
        const { alpha, bounds } = featherMask(mask, 0);
        expect(alpha).toEqual(mask.data.map((inside) => inside * 255));
        expect(bounds).toEqual(Mask.fromBitmap(mask).bounds);
      }),
      { numRuns: 50 },
    );
  });

  test('keeps a line thinner than its radius', () => {
    const { alpha } = featherMask(fromAscii('....', '####', '....'), 3);
    expect(Math.min(...alpha.subarray(4, 8))).toBeGreaterThan(128);
  });

  test('bounds hold all that is not 0', () => {
    fc.assert(
      fc.property(bitmap, radius, (mask, pixels) => {
        const { alpha, bounds, width, height } = featherMask(mask, pixels);
        const any = bitmapFrom(alpha, width, height);
        expect(bounds).toEqual(Mask.fromBitmap(any).bounds);
      }),
      { numRuns: 50 },
    );
  });
});

describe('smoothing', () => {
  test('takes spikes and notches away and leaves edges where they are', () => {
    const rough = fromAscii(
      '.........#..........',
      '.........#..........',
      '####################',
      '####################',
      '####################',
      '##########.#########',
      '####################',
      '####################',
    );
    const [top, second, ...rest] = ascii(smoothMask(rough, 4));
    expect(top).toBe('....................');
    // What the spike weighs becomes a low hill.
    expect(second).toMatch(/^\.{4,}#+\.{4,}$/);
    expect(rest).toEqual(Array<string>(6).fill('####################'));
    const straight = fromAscii('....', '....', '####', '####');
    expect(smoothMask(straight, 4).data).toEqual(straight.data);
  });

  test('keeps a disc a disc', () => {
    const size = 80;
    const disc = bitmapFrom(
      Array.from(
        { length: size * size },
        (_, i) => Math.hypot((i % size) - 40, Math.floor(i / size) - 40) < 25,
      ),
      size,
      size,
    );
    const { area, bounds } = smoothMask(disc, 6);
    // A curve of this radius moves inwards by about the variance of the blur over twice the radius.
    expect(area).toBeGreaterThan(0.97 * Math.PI * 25 ** 2 * 0.97);
    expect(area).toBeLessThan(Math.PI * 25 ** 2);
    expect(Math.abs(bounds.width - bounds.height)).toBeLessThanOrEqual(1);
  });

  test('changes nothing by nothing, and nothing that is all or none', () => {
    fc.assert(
      fc.property(bitmap, (mask) => {
        expect(smoothMask(mask, 0).data).toEqual(mask.data);
      }),
      { numRuns: 20 },
    );
    const full = fromAscii('###', '###');
    expect(smoothMask(full, 10).area).toBe(6);
    expect(smoothMask(invertMask(full), 10).area).toBe(0);
  });
});

test('edits leave what they are given as it is', () => {
  fc.assert(
    fc.property(bitmap, (mask) => {
      const before = mask.data.slice();
      growMask(mask, 2);
      shrinkMask(mask, 2);
      smoothMask(mask, 2);
      featherMask(mask, 2);
      invertMask(mask);
      expect(mask.data).toEqual(before);
    }),
    { numRuns: 20 },
  );
});

describe('a picture of many pieces', () => {
  const [width, height] = [331, 1430];
  /** A ring with rough edges that touches borders, with specks in it and around it. */
  const large = bitmapFrom(
    Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      const turn = Math.atan2(y - 700, x - 160);
      const distance = Math.hypot((x - 160) * 3, y - 700) + 9 * Math.sin(31 * turn);
      return (distance < 620 && distance > 130) !== (x * 7919 + y * 104_729) % 9973 < 3;
    }),
    width,
    height,
  );
  /** How many bytes differ; comparing half a million with a message for each takes seconds. */
  const differing = (got: Uint8Array, wanted: Uint8Array): number =>
    got.reduce((count, byte, i) => count + Number(byte !== wanted[i]), got.length - wanted.length);
  const masks = [large, invertMask(large), Mask.fromRle(Mask.fromBitmap(large).toRle())];

  test.each([1, 7, 30])(
    'grows, shrinks and is feathered by %d pixels as by definition',
    (pixels) => {
      for (const mask of masks) {
        const distances = distanceTransform(mask, { signed: true });
        const near = (limit: number) => distances.map((distance) => Number(distance <= limit));
        expect(differing(growMask(mask, pixels).data, Uint8Array.from(near(pixels)))).toBe(0);
        const deep = Uint8Array.from(distances, (distance) => Number(distance < -pixels));
        expect(differing(shrinkMask(mask, pixels).data, deep)).toBe(0);
        const alpha = Uint8Array.from(distances, (distance) => {
          const outward = distance > 0 ? distance - 0.5 : distance + 0.5;
          const share = Math.min(1, Math.max(0, 0.5 - outward / (2 * pixels)));
          return Math.round(255 * share * share * (3 - 2 * share));
        });
        expect(differing(featherMask(mask, pixels).alpha, alpha)).toBe(0);
      }
    },
  );

  test.each([2, 9, 40])('is smoothed by %d pixels as by three boxes over all of it', (radius) => {
    const reach = Math.round(radius / 2);
    for (const mask of masks) {
      let values = Float64Array.from(mask.data);
      for (const [length, step] of [
        [width, 1],
        [height, width],
      ] as const) {
        for (let pass = 0; pass < 3; pass++) {
          const before = values;
          values = values.map((_, i) => {
            const at = Math.floor(i / step) % length;
            let sum = 0;
            for (let d = -reach; d <= reach; d++) {
              sum += before[i + (Math.min(Math.max(at + d, 0), length - 1) - at) * step]!;
            }
            return sum / (2 * reach + 1);
          });
        }
      }
      const smoothed = smoothMask(mask, radius).data;
      const wanted = Uint8Array.from(values, (value) => Number(value > 0.5 + 1e-4));
      expect(differing(smoothed, wanted)).toBe(0);
    }
  });
});
