import { describe, expect, test } from 'vitest';

import { Mask, unpackRows } from './index.ts';

describe('a bit per pixel', () => {
  test.each([1, 31, 32, 33, 100])('rows of %d pixels', (width) => {
    const height = 3;
    const perRow = Math.ceil(width / 32);
    const words = new Uint32Array(perRow * height);
    const expected = new Uint8Array(width * height);
    for (let pixel = 0; pixel < expected.length; pixel++) {
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      // The second row is full, the others are mixed.
      expected[pixel] = y === 1 || (x * x + 3 * y) % 5 < 2 ? 1 : 0;
      if (expected[pixel] === 1) words[y * perRow + (x >> 5)]! |= 1 << (x & 31);
    }
    // Bits past the width are of no account.
    if (width % 32 !== 0) words[perRow - 1]! |= 1 << 31;
    expect(unpackRows(words, width, height)).toEqual({ width, height, data: expected });
  });

  test('of another size are refused', () => {
    expect(() => unpackRows(new Uint32Array(3), 33, 2)).toThrow(
      expect.objectContaining({ name: 'MaskError', code: 'size-mismatch' }),
    );
  });

  test('of a mask are unpacked when they are asked for, once', () => {
    let calls = 0;
    const bitmap = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
    const logits = { width: 1, height: 1, data: Float32Array.of(-1) };
    const mask = Mask.fromLogits(logits, {
      size: bitmap,
      path: { mode: 'bilinear-direct' },
      pixels: {
        area: 1,
        bounds: { x: 1, y: 0, width: 1, height: 1 },
        bitmap: () => {
          calls += 1;
          return bitmap;
        },
      },
    });
    expect(mask.area).toBe(1);
    expect(mask.bounds).toEqual({ x: 1, y: 0, width: 1, height: 1 });
    expect(calls).toBe(0);
    expect([...mask.data]).toEqual([0, 1]);
    expect(mask.contains(1, 0)).toBe(true);
    expect(calls).toBe(1);
  });

  test('of a mask of another size are refused', () => {
    const logits = { width: 1, height: 1, data: Float32Array.of(-1) };
    const mask = Mask.fromLogits(logits, {
      size: { width: 2, height: 1 },
      path: { mode: 'bilinear-direct' },
      pixels: {
        area: 0,
        bounds: { x: 0, y: 0, width: 0, height: 0 },
        bitmap: () => ({ width: 1, height: 1, data: Uint8Array.of(0) }),
      },
    });
    expect(() => mask.data).toThrow(expect.objectContaining({ code: 'size-mismatch' }));
  });
});
