import { afterEach, describe, expect, test, vi } from 'vitest';

import { bitmapFrom, createBitmap, type Bitmap } from './bitmap.ts';
import { keepComponentsAt } from './connected-components.ts';
import { Mask } from './mask.ts';
import { MaskError } from './mask-error.ts';
import type { PixelSource, RgbaImage } from './rgba-image.ts';
import { fillHoles } from './small-regions.ts';
import { upsampleLogits } from './upsample-logits.ts';

/** '#' is inside; rows are separated by spaces. */
function drawn(text: string): Bitmap {
  const rows = text.split(' ');
  const values = Array.from(rows.join(''), (character) => character === '#');
  return bitmapFrom(values, rows[0]!.length, rows.length);
}

/** Each pixel of a picture of this size has a colour of its own. */
function picture(width: number, height: number, alpha = 255): PixelSource {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? alpha : 10 * (i >> 2) + (i % 4),
  );
  return { width, height, data };
}

function pixelAt({ width, data }: RgbaImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof MaskError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

describe('Mask', () => {
  const mask = Mask.fromBitmap(drawn('..... .###. .#.#. .....'), { score: 0.75 });

  test('knows its size, bounds, area and points', () => {
    expect([mask.width, mask.height, mask.area, mask.score]).toEqual([5, 4, 5, 0.75]);
    expect(mask.bounds).toEqual({ x: 1, y: 1, width: 3, height: 2 });
    expect(mask.contains(1.9, 2.9)).toBe(true);
    expect(mask.contains(2, 2)).toBe(false);
    for (const [x, y] of [
      [-0.1, 1],
      [5, 1],
      [1, -1],
      [1, 4],
      [Number.NaN, 1],
    ] as const) {
      expect(mask.contains(x, y)).toBe(false);
    }
    const empty = Mask.fromBitmap(createBitmap(3, 2));
    expect([empty.area, empty.bounds]).toEqual([0, { x: 0, y: 0, width: 0, height: 0 }]);
  });

  test('copies what it is made of', () => {
    const bitmap = createBitmap(2, 1);
    const copy = Mask.fromBitmap(bitmap);
    bitmap.data[0] = 1;
    expect(copy.area).toBe(0);
    expect([...bitmapFrom([true, false, 0.5, Number.NaN, 0, -1], 6, 1).data]).toEqual([
      1, 0, 1, 0, 0, 1,
    ]);
    expect([...Mask.fromBitmap({ width: 2, height: 1, data: Uint8Array.of(255, 0) }).data]).toEqual(
      [1, 0],
    );
  });

  test('made by hand it has no logits, and is as sure as can be', () => {
    const plain = Mask.fromBitmap(createBitmap(1, 1));
    expect([plain.score, plain.stability, plain.logits]).toEqual([1, 1, undefined]);
  });

  test('goes to run lengths and back', () => {
    expect(mask.toRle()).toEqual({ size: [4, 5], counts: [5, 2, 2, 1, 3, 2, 5] });
    expect(mask.toRle({ compressed: true })).toEqual({ size: [4, 5], counts: '522O112' });
    expect([...Mask.fromRle(mask.toRle()).data]).toEqual([...mask.data]);
    expect(codeOf(() => Mask.fromRle({ size: [4, 5], counts: [3] }))).toBe('invalid-rle');
  });

  test('goes to polygons and SVG', () => {
    expect(mask.toPolygons()[0]!.outer.length).toBe(8);
    expect(mask.toSvgPath()).toBe('M1 1H4V3H3V2H2V3H1Z');
    expect(mask.toPolygons({ tolerance: 5 })[0]!.outer.length).toBe(3);
  });

  describe('from logits', () => {
    const logits = { width: 2, height: 2, data: Float32Array.of(2, -2, 0.5, -0.5) };
    const size = { width: 8, height: 6 };
    const path = { mode: 'bilinear-direct' } as const;

    test('upsamples when it is looked at', () => {
      const lazy = Mask.fromLogits(logits, { size, path, score: 0.5 });
      const wanted = upsampleLogits(logits, size, path);
      expect(lazy.bounds).toEqual(wanted.bounds);
      expect(lazy.area).toBe(wanted.area);
      expect(lazy.data).toEqual(wanted.bitmap.data);
      expect(lazy.data).toBe(lazy.data);
      expect(lazy.logits).toBe(logits);
      // Above 1: one logit. Above -1: three.
      expect(lazy.stability).toBe(1 / 3);
      expect(Mask.fromLogits(logits, { size, path, stability: 0.9 }).stability).toBe(0.9);
      expect(Mask.fromLogits(logits, { size, path, threshold: 1.5 }).area).toBeLessThan(
        wanted.area,
      );
    });

    test('refuses sizes that do not fit at once, not when looked at', () => {
      expect(codeOf(() => Mask.fromLogits({ ...logits, width: 3 }, { size, path }))).toBe(
        'size-mismatch',
      );
      const none = { width: 0, height: 1 };
      expect(codeOf(() => Mask.fromLogits(logits, { size: none, path }))).toBe('invalid-size');
    });
  });

  test('cleaned keeps what the model said', () => {
    const logits = { width: 1, height: 1, data: Float32Array.of(3) };
    const details = { score: 0.5, stability: 0.25, logits, source: () => picture(5, 3) };
    const original = Mask.fromBitmap(drawn('###.. #.#.# ###..'), details);
    const cleaned = original
      .cleaned(fillHoles)
      .cleaned((b) => keepComponentsAt(b, [{ x: 0, y: 0 }]));
    expect([...cleaned.data]).toEqual([...drawn('###.. ###.. ###..').data]);
    expect(cleaned.bounds).toEqual({ x: 0, y: 0, width: 3, height: 3 });
    expect([cleaned.score, cleaned.stability, cleaned.logits]).toEqual([0.5, 0.25, logits]);
    expect(pixelAt(cleaned.cutout(), 1, 1)).toEqual([60, 61, 62, 255]);
    expect(original.area).toBe(9);
    const shrunk = original.cleaned(() => createBitmap(2, 2));
    expect(codeOf(() => shrunk.area)).toBe('size-mismatch');
  });
});

describe('pictures of a mask', () => {
  const mask = Mask.fromBitmap(drawn('.... .##. .##. ....'), { source: () => picture(4, 4) });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('toImageData draws two colours', () => {
    const image = mask.toImageData();
    expect([image.width, image.height, image.colorSpace]).toEqual([4, 4, 'srgb']);
    expect(pixelAt(image, 1, 1)).toEqual([255, 255, 255, 255]);
    expect(pixelAt(image, 0, 0)).toEqual([0, 0, 0, 0]);
    const red = mask.toImageData({ color: [300, 1, 2], alpha: 128, background: [9, 8, 7, 6] });
    expect(pixelAt(red, 1, 1)).toEqual([255, 1, 2, 128]);
    expect(pixelAt(red, 0, 0)).toEqual([9, 8, 7, 6]);
  });

  test('is a real ImageData where there is one', () => {
    class ImageData {
      readonly colorSpace = 'srgb';
      readonly data: Uint8ClampedArray;
      readonly width: number;
      readonly height: number;
      constructor(data: Uint8ClampedArray, width: number, height: number) {
        this.data = data;
        this.width = width;
        this.height = height;
      }
    }
    vi.stubGlobal('ImageData', ImageData);
    expect(mask.toImageData()).toBeInstanceOf(ImageData);
    expect(mask.cutout({ crop: true })).toMatchObject({ width: 2, height: 2 });
  });

  test('cutout keeps the pixels inside and nothing else', () => {
    const image = mask.cutout();
    expect(pixelAt(image, 2, 1)).toEqual([60, 61, 62, 255]);
    expect(pixelAt(image, 3, 1)).toEqual([0, 0, 0, 0]);
    const cropped = mask.cutout({ crop: true });
    expect([cropped.width, cropped.height]).toEqual([2, 2]);
    expect(pixelAt(cropped, 1, 0)).toEqual([60, 61, 62, 255]);
  });

  test('cutout takes RGB, keeps alpha, and takes another picture', () => {
    const rgb = { width: 4, height: 4, channels: 3, data: new Uint8Array(48).fill(7) } as const;
    expect(pixelAt(mask.cutout({ source: rgb }), 1, 1)).toEqual([7, 7, 7, 255]);
    const translucent = picture(4, 4, 100);
    expect(pixelAt(mask.cutout({ source: translucent }), 1, 1)[3]).toBe(100);
  });

  test('overlay tints inside only', () => {
    const image = mask.overlay({ color: [250, 0, 0], opacity: 0.5 });
    expect(pixelAt(image, 1, 1)).toEqual([150, 26, 26, 255]); // Of 50, 51, 52; halves to even.
    expect(pixelAt(image, 0, 0)).toEqual([0, 1, 2, 255]);
    expect(pixelAt(mask.overlay({ opacity: 0 }), 1, 1)).toEqual([50, 51, 52, 255]);
    // Over transparent pixels only the tint is left.
    const source = picture(4, 4, 0);
    expect(pixelAt(mask.overlay({ source, color: [250, 0, 0], opacity: 0.4 }), 1, 1)).toEqual([
      250, 0, 0, 102,
    ]);
  });

  test('overlay draws the outline over both sides of the edge', () => {
    const wide = Mask.fromBitmap(drawn('####### ####### ####### ......#'), {
      source: () => picture(7, 4),
    });
    const line = [1, 2, 3, 255];
    const thin = wide.overlay({ opacity: 0, outline: { color: [1, 2, 3], width: 1 } });
    expect(pixelAt(thin, 2, 2)).toEqual(line);
    expect(pixelAt(thin, 2, 3)).not.toEqual(line);
    expect(pixelAt(thin, 2, 0)).not.toEqual(line); // At the image's own edge.
    const thick = wide.overlay({ opacity: 0, outline: { color: [1, 2, 3], width: 3 } });
    expect(pixelAt(thick, 2, 1)).toEqual(line);
    expect(pixelAt(thick, 2, 3)).toEqual(line);
    expect(pixelAt(thick, 2, 0)).not.toEqual(line);
    expect(pixelAt(wide.overlay({ color: [9, 9, 9], outline: true }), 0, 2)).toEqual([
      9, 9, 9, 255,
    ]);
  });

  test('overlay does not outline the image edge, whatever lies at the other side', () => {
    const options = { opacity: 0, outline: { color: [1, 2, 3], width: 1 } } as const;
    const source = picture(3, 3);
    const left = Mask.fromBitmap(drawn('##. ##. ##.')).overlay({ source, ...options });
    expect([0, 1, 2].map((x) => pixelAt(left, x, 1)[0])).toEqual([30, 1, 50]);
    const right = Mask.fromBitmap(drawn('.## .## .##')).overlay({ source, ...options });
    expect([0, 1, 2].map((x) => pixelAt(right, x, 1)[0])).toEqual([30, 1, 50]);
  });

  test('says what is missing', () => {
    const plain = Mask.fromBitmap(createBitmap(4, 4));
    expect(codeOf(() => plain.cutout())).toBe('no-source');
    expect(codeOf(() => plain.overlay())).toBe('no-source');
    expect(() => plain.cutout()).toThrow('mask.cutout({ source })');
    expect(codeOf(() => plain.cutout({ source: picture(4, 4), crop: true }))).toBe('empty-mask');
    expect(codeOf(() => plain.cutout({ source: picture(4, 5) }))).toBe('size-mismatch');
    const short = { width: 4, height: 4, data: new Uint8Array(48) };
    expect(() => plain.cutout({ source: short })).toThrow('set channels to 3');
    expect(codeOf(() => mask.overlay({ opacity: 2 }))).toBe('invalid-option');
    expect(codeOf(() => mask.overlay({ outline: { width: 0 } }))).toBe('invalid-option');
  });
});

test('one pixel of a mask is the same with and without the others', () => {
  const data = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7) * 3);
  const frame = { width: 64, height: 64 };
  const resized = { width: 64, height: 43 };
  const size = { width: 97, height: 65 };
  const enlargement = { size, path: { mode: 'two-step', frame, resized }, threshold: 0.3 } as const;
  const logits = { width: 8, height: 8, data };
  const whole = Mask.fromLogits(logits, enlargement);
  const copy = Mask.fromLogits(logits, whole.enlargement!);
  const lazy = Array.from({ length: 97 * 65 }, (_, i) =>
    Number(copy.contains(i % 97, Math.floor(i / 97))),
  );
  expect(lazy).toEqual(Array.from(whole.data));
  expect(whole.cleaned((bitmap) => bitmap).enlargement).toBeUndefined();
});
