import { describe, expect, test } from 'vitest';

import { bitmapFrom, type Bitmap } from './bitmap.ts';
import { distinctColors } from './distinct-colors.ts';
import { drawMasks } from './draw-masks.ts';
import { labelMap } from './label-map.ts';
import { encodeRle } from './run-length.ts';

const width = 50;
const height = 40;

/** Columns `from` to `to`, without `to`, of all rows. */
function stripe(from: number, to: number): Bitmap {
  const inside = Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    return x >= from && x < to;
  });
  return bitmapFrom(inside, width, height);
}

const source = {
  width,
  height,
  channels: 3,
  data: new Uint8Array(width * height * 3).fill(100),
} as const;

describe('labelMap', () => {
  test('lays smaller masks over larger ones', () => {
    const labels = labelMap([stripe(10, 12), encodeRle(stripe(5, 40))], { width, height });
    const row = Array.from(labels.subarray(width, 2 * width));
    const wanted = Array.from({ length: width }, (_, x) => {
      if (x >= 10 && x < 12) return 1;
      return x >= 5 && x < 40 ? 2 : 0;
    });
    expect(row).toEqual(wanted);
    expect(labels.filter((label) => label === 1).length).toBe(2 * height);
  });

  test('refuses masks of another picture', () => {
    expect(() => labelMap([stripe(0, 3)], { width: height, height: width })).toThrow('50x40');
  });
});

describe('drawMasks', () => {
  const pixel = (data: Uint8ClampedArray, x: number): number[] => [
    ...data.subarray((width * 3 + x) * 4, (width * 3 + x) * 4 + 4),
  ];

  test('tints inside, draws a line within the edge, and leaves the rest', () => {
    const colors = [[200, 0, 100]] as const;
    const { data } = drawMasks([stripe(10, 30)], source, { colors, opacity: 0.5, outline: 2 });
    expect(pixel(data, 9)).toEqual([100, 100, 100, 255]);
    expect(pixel(data, 20)).toEqual([150, 50, 100, 255]);
    expect(pixel(data, 10)).toEqual([195, 5, 100, 255]);
    expect(pixel(data, 29)).toEqual([195, 5, 100, 255]);
    expect(pixel(data, 11)).toEqual([150, 50, 100, 255]);
  });

  test('makes transparent pixels as opaque as the tint', () => {
    const clear = { width, height, data: new Uint8Array(width * height * 4) };
    const { data } = drawMasks([stripe(0, 50)], clear, { opacity: 0.5, colors: [[9, 8, 7]] });
    expect(pixel(data, 20)).toEqual([9, 8, 7, 128]);
  });

  test.each([
    [{ opacity: 2 }, 'opacity 2'],
    [{ outline: -1 }, 'outline width -1'],
    [{ colors: [] }, '0 colours for 1 masks'],
  ])('refuses %o', (options, message) => {
    expect(() => drawMasks([stripe(0, 3)], source, options)).toThrow(message);
  });
});

test('colours differ from each other', () => {
  const colors = distinctColors(40);
  expect(colors.slice(0, 7)).toEqual(distinctColors(7));
  for (const [i, first] of colors.entries()) {
    for (const second of colors.slice(i + 1)) {
      const distance = Math.hypot(...first.map((value, channel) => value - second[channel]!));
      // Far more than the 2 or 3 levels that an eye can tell apart side by side.
      expect(distance).toBeGreaterThan(8);
    }
  }
});
