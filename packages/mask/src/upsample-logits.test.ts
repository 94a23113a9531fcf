import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bitmapArea, bitmapBounds } from './bitmap.ts';
import { upsampleLogits } from './upsample-logits.ts';
import type { Logits, UpsamplingPath } from './upsampling-path.ts';

/** Bilinear resizing written down directly: one sample, four neighbours, no separable operators. */
function resizeDirectly(
  { width, height, data }: Logits,
  toWidth: number,
  toHeight: number,
): Logits {
  const position = (i: number, from: number, to: number): number =>
    Math.min(Math.max(Math.fround(from / to) * (i + 0.5) - 0.5, 0), from - 1);
  const result = new Float32Array(toWidth * toHeight);
  for (let y = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      const sourceY = position(y, height, toHeight);
      const sourceX = position(x, width, toWidth);
      const [top, left] = [Math.floor(sourceY), Math.floor(sourceX)];
      const [bottom, right] = [Math.min(top + 1, height - 1), Math.min(left + 1, width - 1)];
      const [down, across] = [sourceY - top, sourceX - left];
      const upper = data[top * width + left]! * (1 - across) + data[top * width + right]! * across;
      const lower =
        data[bottom * width + left]! * (1 - across) + data[bottom * width + right]! * across;
      result[y * toWidth + x] = upper * (1 - down) + lower * down;
    }
  }
  return { width: toWidth, height: toHeight, data: result };
}

function crop({ width, data }: Logits, toWidth: number, toHeight: number): Logits {
  const rows = Array.from({ length: toHeight }, (_, y) => [
    ...data.subarray(y * width, y * width + toWidth),
  ]);
  return { width: toWidth, height: toHeight, data: Float32Array.from(rows.flat()) };
}

const side = fc.integer({ min: 1, max: 24 });
const sizes = fc.record({ width: side, height: side });

const twoStepCases = fc
  .record({
    low: sizes,
    frame: sizes,
    output: sizes,
    share: fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
  })
  .chain(({ low, frame, output, share }) =>
    fc.record({
      logits: fc
        .array(fc.float({ min: -8, max: 8, noNaN: true }), {
          minLength: low.width * low.height,
          maxLength: low.width * low.height,
        })
        .map((values): Logits => ({ ...low, data: Float32Array.from(values) })),
      output: fc.constant(output),
      path: fc.constant({
        mode: 'two-step',
        frame,
        resized: {
          width: Math.max(1, Math.round(frame.width * share[0])),
          height: Math.max(1, Math.round(frame.height * share[1])),
        },
      } as const),
    }),
  );

describe('upsampleLogits', () => {
  test('equals resize, crop, resize done one after another', () => {
    fc.assert(
      fc.property(twoStepCases, ({ logits, output, path }) => {
        const { frame, resized } = path;
        const inFrame = resizeDirectly(logits, frame.width, frame.height);
        const wanted = resizeDirectly(
          crop(inFrame, resized.width, resized.height),
          output.width,
          output.height,
        );
        const got = upsampleLogits(logits, output, path, { returnLogits: true });
        // The direct way rounds to f32 in between, at logits of up to 8: 4.8e-7 twice.
        for (let i = 0; i < wanted.data.length; i++) {
          expect(Math.abs(got.logits!.data[i]! - wanted.data[i]!)).toBeLessThan(2e-6);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the quick way thresholds exactly as the logits that it skips', () => {
    const paths: UpsamplingPath[] = [{ mode: 'bilinear-direct' }, { mode: 'bicubic-direct' }];
    fc.assert(
      fc.property(
        twoStepCases,
        fc.constantFrom(...paths, undefined),
        fc.constantFrom(0, 0.5, -3, 1000),
        fc.boolean(),
        (item, otherPath, threshold, inclusive) => {
          // Whole numbers make plateaus that lie exactly on the threshold.
          const data = item.logits.data.map((value) => threshold + Math.round(value / 3));
          const logits = { ...item.logits, data };
          const path = otherPath ?? item.path;
          const options = { threshold, inclusive };
          const quick = upsampleLogits(logits, item.output, path, options);
          const full = upsampleLogits(logits, item.output, path, {
            ...options,
            returnLogits: true,
          });
          const wanted = full.logits!.data;
          expect([...quick.bitmap.data]).toEqual(
            Array.from(wanted, (v) => Number(inclusive ? v >= threshold : v > threshold)),
          );
          expect(full.bitmap).toEqual(quick.bitmap);
          expect(quick.area).toBe(bitmapArea(quick.bitmap));
          expect(quick.bounds).toEqual(bitmapBounds(quick.bitmap));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('counts a logit on the threshold only when asked to', () => {
    const logits = { width: 2, height: 2, data: new Float32Array(4) };
    const output = { width: 5, height: 3 };
    const path = { mode: 'bilinear-direct' } as const;
    expect(upsampleLogits(logits, output, path).area).toBe(0);
    expect(upsampleLogits(logits, output, path, { inclusive: true }).area).toBe(15);
  });

  test('NaN logits are outside', () => {
    const logits = { width: 2, height: 1, data: Float32Array.of(Number.NaN, 1) };
    const path = { mode: 'bilinear-direct' } as const;
    const { bitmap } = upsampleLogits(logits, { width: 4, height: 1 }, path);
    expect(bitmap.data[0]).toBe(0);
    expect(bitmap.data[3]).toBe(0); // Weight 0 times NaN is NaN, as in the official code.
  });

  test('cubic weights overshoot, so a stretch between positive taps may be negative', () => {
    const data = Float32Array.of(10, 0.1, 0.1, 10);
    const logits = { width: 4, height: 1, data };
    const path = { mode: 'bicubic-direct' } as const;
    const { area, logits: full } = upsampleLogits(logits, { width: 16, height: 1 }, path, {
      returnLogits: true,
    });
    expect(Math.min(...full!.data)).toBeLessThan(0);
    expect(upsampleLogits(logits, { width: 16, height: 1 }, path).area).toBe(area);
    expect(area).toBeLessThan(16);
  });

  test('refuses logits, frames and sizes that do not fit', () => {
    const logits = { width: 4, height: 4, data: new Float32Array(16) };
    const output = { width: 10, height: 10 };
    const direct = { mode: 'bilinear-direct' } as const;
    expect(() => upsampleLogits({ ...logits, width: 5 }, output, direct)).toThrow('wanted 20');
    expect(() => upsampleLogits(logits, { width: 0, height: 3 }, direct)).toThrow('0x3');
    expect(() =>
      upsampleLogits(logits, output, {
        mode: 'two-step',
        frame: { width: 8, height: 8 },
        resized: { width: 8, height: 9 },
      }),
    ).toThrow('8x9 in a model frame of 8x8');
  });
});
