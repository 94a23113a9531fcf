import {
  bitmapFrom,
  createBitmap,
  distanceTransform,
  Mask,
  MaskError,
  type PixelSource,
} from '@samgpu/mask';
import { makeComposite } from '@samgpu/testing/composites';
import { describe, expect, test } from 'vitest';

import { matte, Matte, type MatteDevice, type MatteProgress, type MatteTask } from './index.ts';

/** A disc, brighter than what is behind it. */
function disc(width: number, height: number, radius: number, channels: 3 | 4 = 4) {
  const data = new Uint8ClampedArray(width * height * channels);
  const mask = createBitmap(width, height);
  for (let i = 0; i < width * height; i++) {
    const x = (i % width) + 0.5 - width / 2;
    const y = Math.floor(i / width) + 0.5 - height / 2;
    const inside = Math.hypot(x, y) < radius;
    mask.data[i] = inside ? 1 : 0;
    data.fill(inside ? 200 : 60, i * channels, i * channels + 3);
    if (channels === 4) data[i * 4 + 3] = 255;
  }
  const image: PixelSource = { width, height, data, channels };
  return { image, mask };
}

async function codeOf(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error instanceof MaskError ? error.code : error;
  }
  return 'nothing was thrown';
}

describe.each(['fast', 'best'] as const)('matte, %s', (method) => {
  test('leaves nothing of nothing, and everything of everything', async () => {
    const { image } = disc(40, 30, 8);
    const empty = await matte(image, createBitmap(40, 30), { method });
    expect(empty.alpha.every((level) => level === 0)).toBe(true);
    expect(empty.bounds).toEqual({ x: 0, y: 0, width: 0, height: 0 });
    expect(empty.foreground().data.every((value) => value === 0)).toBe(true);
    const full = await matte(image, bitmapFrom(Array(1200).fill(1), 40, 30), { method });
    expect(full.alpha.every((level) => level === 255)).toBe(true);
    expect([...full.foreground().data]).toEqual([...image.data]);
  });

  test('gives a clean shape back as it is', async () => {
    const { image, mask } = disc(90, 70, 20);
    const { alpha } = await matte(image, mask, { method });
    expect([...alpha]).toEqual(Array.from(mask.data, (inside) => inside * 255));
  });

  test('takes pictures of one pixel, one row, one column and two', async () => {
    for (const [width, height] of [
      [1, 1],
      [7, 1],
      [1, 7],
      [2, 2],
      [2, 5],
    ] as const) {
      const values = Array.from({ length: width * height }, (_, i) => i % 2);
      const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
      const mask = bitmapFrom(values, width, height);
      const { alpha } = await matte({ width, height, channels: 3, data }, mask, { method });
      expect(alpha).toHaveLength(width * height);
    }
  });

  test('takes masks at the border of the picture', async () => {
    const { image, mask } = disc(60, 60, 50);
    const { alpha } = await matte(image, mask, { method });
    expect([...alpha]).toEqual(Array.from(mask.data, (inside) => inside * 255));
  });

  test('keeps holes, and pieces beside', async () => {
    const { image, mask } = disc(80, 80, 25);
    const data = image.data as Uint8ClampedArray;
    const paint = (x: number, y: number, size: number, value: number, inside: number): void => {
      for (let dy = 0; dy < size; dy++) {
        for (let dx = 0; dx < size; dx++) {
          const pixel = (y + dy) * 80 + x + dx;
          mask.data[pixel] = inside;
          data.fill(value, pixel * 4, pixel * 4 + 3);
        }
      }
    };
    paint(40, 40, 3, 60, 0);
    paint(5, 5, 3, 200, 1);
    const { alpha } = await matte(image, mask, { method });
    expect([...alpha]).toEqual(Array.from(mask.data, (inside) => inside * 255));
  });

  test('is the same for RGB and RGBA', async () => {
    const four = disc(60, 50, 15);
    const three = disc(60, 50, 15, 3);
    const first = await matte(four.image, four.mask, { method });
    const second = await matte(three.image, three.mask, { method });
    expect(second.alpha).toEqual(first.alpha);
    expect([...second.foreground().data]).toEqual([...first.foreground().data]);
  });

  test('learns nothing from pixels that are transparent', async () => {
    const { image, mask } = disc(80, 60, 18);
    const data = Uint8ClampedArray.from(image.data);
    // Half of the background is transparent, and holds the colour of the object.
    for (let i = 0; i < 80 * 60; i++) {
      if (i % 80 < 40 || mask.data[i] === 1) continue;
      data.set([200, 200, 200, 0], i * 4);
    }
    const { alpha } = await matte({ ...image, data }, mask, { method });
    const seen = (levels: Uint8Array, scale: number): number[] =>
      Array.from(levels, (level) => level * scale).filter((_, i) => i % 80 < 36);
    expect(seen(alpha, 1)).toEqual(seen(mask.data, 255));
  });
});

describe('matte', () => {
  test('refuses what does not fit', async () => {
    const { image, mask } = disc(20, 20, 5);
    expect(await codeOf(() => matte(image, createBitmap(20, 19)))).toBe('size-mismatch');
    const cut = { ...image, data: image.data.subarray(4) };
    expect(await codeOf(() => matte(cut, mask))).toBe('size-mismatch');
    const short = { width: 20, height: 20, data: mask.data.subarray(1) };
    expect(await codeOf(() => matte(image, short))).toBe('size-mismatch');
    expect(await codeOf(() => matte(image, mask, { band: 0 }))).toBe('invalid-option');
    expect(await codeOf(() => matte(image, mask, { band: Number.NaN }))).toBe('invalid-option');
    expect(await codeOf(() => matte(image, mask, { band: Infinity }))).toBe('invalid-option');
  });

  test('leaves alone what lies beyond the band', async () => {
    const composite = makeComposite({ seed: 5, edge: 'hair', size: 2, width: 240, height: 180 });
    const { width, height, mask } = composite;
    const image: PixelSource = { width, height, data: composite.image };
    const bitmap = { width, height, data: mask.data };
    const band = 6;
    const { alpha } = await matte(image, bitmap, { band });
    const distance = distanceTransform(bitmap, { signed: true });
    const beyond = (_: unknown, i: number): boolean =>
      distance[i]! > band + 1 || distance[i]! < -band / 4 - 1;
    const wanted = mask.data.map((inside) => inside * 255).filter(beyond);
    expect(wanted.length).toBeGreaterThan(alpha.length / 2);
    expect(alpha.filter(beyond)).toEqual(wanted);
  });

  test('is made here where a device has no room for it', async () => {
    const { image, mask } = disc(60, 50, 15);
    const seen: MatteTask[] = [];
    const device: MatteDevice = {
      start: (task) => {
        seen.push(task);
        return Promise.resolve(undefined);
      },
    };
    const { alpha } = await matte(image, mask, { device });
    expect(alpha).toEqual((await matte(image, mask)).alpha);
    expect(seen).toHaveLength(1);
    expect(seen[0]!.picture).toEqual({ width: 60, height: 50 });
    // Nothing is asked of it where there is nothing to do.
    await matte(image, createBitmap(60, 50), { device });
    expect(seen).toHaveLength(1);
  });

  test('tells how far it is, and stops when it is told to', async () => {
    const { image, mask } = disc(700, 600, 200);
    const seen: MatteProgress[] = [];
    await matte(image, mask, { onProgress: (progress) => seen.push(progress) });
    const total = seen[0]!.total;
    expect(total).toBeGreaterThan(3);
    expect(seen).toEqual(Array.from({ length: total + 1 }, (_, done) => ({ done, total })));

    const controller = new AbortController();
    const reason = new Error('enough');
    const stopped = matte(image, mask, {
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 1) controller.abort(reason);
        // Keeps it busy beyond the time after which it looks up.
        for (const start = performance.now(); performance.now() - start < 30;);
      },
    });
    await expect(stopped).rejects.toBe(reason);
    await expect(matte(image, mask, { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('Matte', () => {
  // One row: nothing, a quarter of red over blue, all red; the last pixel half transparent.
  const image: PixelSource = {
    width: 6,
    height: 1,
    data: Uint8Array.from(
      [
        [0, 0, 200, 255],
        [0, 0, 200, 255],
        [60, 0, 150, 255],
        [120, 0, 100, 255],
        [240, 0, 0, 255],
        [240, 0, 0, 128],
      ].flat(),
    ),
  };
  const soft = { width: 6, height: 1, alpha: Uint8Array.from([0, 0, 64, 128, 255, 255]) };

  test('takes out of the colours what shone through', () => {
    const { data } = new Matte(soft, image).foreground();
    expect([...data.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    for (const pixel of [2, 3]) {
      const [red, green, blue, alpha] = data.subarray(pixel * 4, pixel * 4 + 4);
      // Levels of 255 by which colours that are spread from the pixels beside may be off.
      expect(Math.abs(red! - 240)).toBeLessThan(12);
      expect(green).toBe(0);
      expect(blue).toBeLessThan(12);
      expect(alpha).toBe(soft.alpha[pixel]);
    }
    expect([...data.subarray(16)]).toEqual([240, 0, 0, 255, 240, 0, 0, 128]);
  });

  test('is cropped to where it is', async () => {
    const made = new Matte(soft, image);
    expect(made.bounds).toEqual({ x: 2, y: 0, width: 4, height: 1 });
    const cropped = made.foreground({ crop: true });
    expect([cropped.width, cropped.height]).toEqual([4, 1]);
    expect([...cropped.data]).toEqual([...made.foreground().data.subarray(8)]);
    const nothing = new Matte({ width: 6, height: 1, alpha: new Uint8Array(6) }, image);
    expect(await codeOf(() => nothing.foreground({ crop: true }))).toBe('empty-mask');
  });

  test('is an image, and a mask', () => {
    const made = new Matte(soft, image);
    const drawn = made.toImageData({ color: [1, 2, 3] });
    expect([...drawn.data.subarray(4, 16)]).toEqual([0, 0, 0, 0, 1, 2, 3, 64, 1, 2, 3, 128]);
    const mask = made.toMask();
    expect(mask).toBeInstanceOf(Mask);
    expect([...mask.data]).toEqual([0, 0, 0, 1, 1, 1]);
    expect(mask.cutout().width).toBe(6);
  });

  test('refuses what does not fit', async () => {
    expect(await codeOf(() => new Matte({ ...soft, width: 5 }, image))).toBe('size-mismatch');
    const short = { ...soft, alpha: new Uint8Array(5) };
    expect(await codeOf(() => new Matte(short, image))).toBe('size-mismatch');
  });
});
