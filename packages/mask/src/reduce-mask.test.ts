import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createBitmap } from './bitmap.ts';
import { Mask } from './mask.ts';

/** A mask of up to 24 x 20 with a part of it. */
const cases = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 20 }))
  .chain(([width, height]) =>
    fc.record({
      size: fc.constant({ width, height }),
      pixels: fc.array(fc.constantFrom(0, 1), {
        minLength: width * height,
        maxLength: width * height,
      }),
      x: fc.integer({ min: 0, max: width - 1 }),
      y: fc.integer({ min: 0, max: height - 1 }),
      level: fc.integer({ min: 0, max: 4 }),
    }),
  )
  .chain(({ size, x, y, ...rest }) =>
    fc.record({
      ...Object.fromEntries(Object.entries({ size, ...rest }).map(([k, v]) => [k, fc.constant(v)])),
      region: fc.record({
        x: fc.constant(x),
        y: fc.constant(y),
        width: fc.integer({ min: 1, max: size.width - x }),
        height: fc.integer({ min: 1, max: size.height - y }),
      }),
    }),
  ) as fc.Arbitrary<{
  size: { width: number; height: number };
  pixels: number[];
  level: number;
  region: { x: number; y: number; width: number; height: number };
}>;

describe('reduce', () => {
  test('counts what each pixel stands for, of pixels and of run lengths', () => {
    fc.assert(
      fc.property(cases, ({ size, pixels, level, region }) => {
        const mask = Mask.fromBitmap({ ...size, data: Uint8Array.from(pixels) });
        const side = 2 ** level;
        const [width, height] = [region.width, region.height].map((one) => Math.ceil(one / side));
        const expected = createBitmap(width!, height!);
        for (let y = 0; y < height!; y++) {
          for (let x = 0; x < width!; x++) {
            let [inside, all] = [0, 0];
            for (let v = y * side; v < Math.min(region.height, (y + 1) * side); v++) {
              for (let u = x * side; u < Math.min(region.width, (x + 1) * side); u++) {
                all += 1;
                inside += pixels[(region.y + v) * size.width + region.x + u]!;
              }
            }
            if (inside > 0 && inside * 4 >= all) expected.data[y * width! + x] = 1;
          }
        }
        expect(mask.reduce({ region, level })).toEqual(expected);
        expect(Mask.fromRle(mask.toRle()).reduce({ region, level })).toEqual(expected);
      }),
    );
  });

  test('of all of a mask as it is, and not of what lies beside it', () => {
    const mask = Mask.fromBitmap({ width: 3, height: 2, data: Uint8Array.of(1, 0, 1, 0, 1, 0) });
    expect(mask.reduce()).toEqual({ width: 3, height: 2, data: mask.data });
    const outside = { x: 1, y: 0, width: 3, height: 2 };
    expect(() => mask.reduce({ region: outside })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
    expect(() => mask.reduce({ level: 0.5 })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });
});
