import { describe, expect, test } from 'vitest';

import { bitmapFrom, createBitmap, type Bitmap } from './bitmap.ts';
import { bitmapToLogits } from './bitmap-to-logits.ts';
import { rleIou } from './run-length-sets.ts';
import { encodeRle } from './run-length.ts';
import { upsampleLogits } from './upsample-logits.ts';
import type { UpsamplingPath } from './upsampling-path.ts';

const direct = { mode: 'bilinear-direct' } as const;

function ellipse(width: number, height: number): Bitmap {
  const bitmap = createBitmap(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const across = (x + 0.5 - width * 0.45) / (width * 0.4);
      const down = (y + 0.5 - height * 0.5) / (height * 0.3);
      if (across ** 2 + down ** 2 < 1) bitmap.data[y * width + x] = 1;
    }
  }
  return bitmap;
}

describe('bitmapToLogits', () => {
  test('measures how much of each cell is covered', () => {
    // 4x2 pixels onto 2x1 cells: the left cell is wholly inside, the right one by a quarter.
    const bitmap = bitmapFrom([1, 1, 1, 0, 1, 1, 0, 0], 4, 2);
    const { data } = bitmapToLogits(bitmap, { width: 2, height: 1 }, direct, { limit: 15 });
    expect(data[0]).toBe(15);
    expect(data[1]).toBeCloseTo(Math.log(0.25 / 0.75), 6); // f32
  });

  test('splits pixels that lie on the border of two cells', () => {
    const bitmap = bitmapFrom([1, 1, 0], 3, 1);
    const { data } = bitmapToLogits(bitmap, { width: 2, height: 1 }, direct);
    // The second cell covers pixels 1.5 to 3, of which 1.5 to 2 are inside.
    expect(data[0]).toBe(10);
    expect(data[1]).toBeCloseTo(Math.log(1 / 3 / (2 / 3)), 6);
    // One pixel spread over many cells.
    const one = bitmapToLogits(bitmapFrom([1], 1, 1), { width: 5, height: 3 }, direct);
    expect([...one.data]).toEqual(Array(15).fill(10));
  });

  test('padding is outside, and does not dilute the cell at the image edge', () => {
    const full = bitmapFrom(Array<number>(12).fill(1), 4, 3);
    const path = {
      mode: 'two-step',
      frame: { width: 16, height: 16 },
      resized: { width: 16, height: 6 },
    } as const;
    const { data } = bitmapToLogits(full, { width: 4, height: 4 }, path);
    expect([...data]).toEqual([...Array(8).fill(10), ...Array(8).fill(-10)]);
  });

  test('bands of whole cells come back exactly', () => {
    const path = framed(32, 32, 32);
    for (const along of ['x', 'y']) {
      const bitmap = createBitmap(64, 64);
      for (let i = 0; i < bitmap.data.length; i++) {
        const cell = (along === 'x' ? i & 63 : i >> 6) >> 3;
        bitmap.data[i] = Number([1, 2, 5, 7].includes(cell));
      }
      const logits = bitmapToLogits(bitmap, { width: 8, height: 8 }, path);
      expect(upsampleLogits(logits, bitmap, path).bitmap).toEqual(bitmap);
    }
  });

  const paths: [string, number, UpsamplingPath, number, number][] = [
    ['SAM, landscape', 256, framed(1024, 1024, 683), 1500, 1000],
    ['SAM, portrait, enlarged', 256, framed(1024, 682, 1024), 333, 500],
    ['nano', 96, framed(384, 384, 216), 640, 360],
    ['SAM 2', 256, direct, 900, 700],
    ['EfficientSAM', 256, { mode: 'bicubic-direct' }, 900, 700],
  ];
  test.each(paths)('comes back nearly unchanged: %s', (_, size, path, width, height) => {
    const bitmap = ellipse(width, height);
    const logits = bitmapToLogits(bitmap, { width: size, height: size }, path);
    const again = upsampleLogits(logits, { width, height }, path).bitmap;
    // A cell is up to 7 pixels wide here; the outline moves by a small part of one.
    expect(rleIou(encodeRle(again), encodeRle(bitmap))).toBeGreaterThan(0.985);
  });

  test('refuses a limit that is none', () => {
    const bitmap = createBitmap(2, 2);
    for (const limit of [0, -1, Number.NaN, Infinity]) {
      expect(() => bitmapToLogits(bitmap, { width: 1, height: 1 }, direct, { limit })).toThrow(
        `logit limit ${limit}`,
      );
    }
  });
});

function framed(frame: number, width: number, height: number): UpsamplingPath {
  return {
    mode: 'two-step',
    frame: { width: frame, height: frame },
    resized: { width, height },
  };
}
