import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { packTaps, type ResamplingTaps, tapCount } from './image-kernel.ts';
import {
  enlargedReference,
  overlayReference,
  resampleColumnsReference,
  resampleRowsReference,
} from './image.reference.ts';
import { overlayKernel } from './overlay.ts';
import {
  type ResampleArithmetic,
  resampleColumnsKernel,
  resampleRowsKernel,
  resampleType,
} from './resample.ts';
import {
  MASK_COUNT_WORDS,
  maskRowWords,
  readMaskCounts,
  thresholdMaskKernel,
} from './threshold-mask.ts';

const gpu = await openTestDevice();

const ONE: { readonly [Arithmetic in ResampleArithmetic]: number } = {
  'fixed-point': 2 ** 22,
  'opencv-linear': 2048,
  float: 1,
  'opencv-area': 1,
  'opencv-blocks': 1,
};

function padded(pixels: Uint8Array): Uint8Array {
  const words = new Uint8Array(Math.ceil(pixels.length / 4) * 4);
  words.set(pixels);
  return words;
}

function bytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(seededValues(length, seed), (value) => Math.floor((value + 1) * 128));
}

/** Weights that vary and add up to one, over the input from end to end; the last is often zero. */
function someTaps(input: number, outputs: number, count: number, one: number): ResamplingTaps {
  const first = Int32Array.from({ length: outputs }, (_, output) =>
    Math.floor(((output + 0.5) * input) / outputs - count / 2),
  );
  const random = seededValues(outputs * count, 5);
  const weights = Float64Array.from({ length: outputs * count }, (_, index) => {
    const start = index - (index % count);
    let sum = 0;
    for (let tap = 0; tap < count; tap++) sum += Math.abs(random[start + tap]!);
    const weight = Math.abs(random[index]!) / sum;
    return one === 1 ? Math.fround(weight) : Math.floor(weight * one);
  });
  return { first, weights };
}

/** Sums of blocks that lie side by side. */
function blockTaps(outputs: number, count: number): ResamplingTaps {
  return {
    first: Int32Array.from({ length: outputs }, (_, output) => output * count),
    weights: new Float64Array(outputs * count).fill(1),
  };
}

const MEAN = [123.675, 116.28, 103.53] as const;
const DEVIATION = [58.395, 57.12, 57.375] as const;
const LEVELS = Float32Array.from({ length: 3 * 256 }, (_, index) => {
  const channel = Math.floor(index / 256);
  return ((index % 256) - MEAN[channel]!) / DEVIATION[channel]!;
});

describe.skipIf(gpu === undefined)(`image kernels${missingDevice()}`, () => {
  describe.each([
    { arithmetic: 'fixed-point', count: 4 },
    { arithmetic: 'opencv-linear', count: 2 },
    { arithmetic: 'float', count: 3 },
    { arithmetic: 'opencv-area', count: 3 },
    { arithmetic: 'opencv-blocks', count: 2 },
    { arithmetic: 'opencv-blocks', count: 4 },
  ] as const)('resample $arithmetic, $count weights', ({ arithmetic, count }) => {
    const tapsOf = (input: number, outputs: number): ResamplingTaps =>
      arithmetic === 'opencv-blocks'
        ? blockTaps(outputs, count)
        : someTaps(input, outputs, count, ONE[arithmetic]);

    test.each([
      { width: 37, height: 22, outWidth: 16, outHeight: 9, size: 16 },
      { width: 5, height: 9, outWidth: 11, outHeight: 20, size: 20, rowPitch: 64 },
      { width: 1, height: 1, outWidth: 4, outHeight: 4, size: 4 },
      { width: 37, height: 23, outWidth: 9, outHeight: 5, size: 9, channels: 3 },
    ] as const)('$width x $height to $outWidth x $outHeight', async (shape) => {
      const { width, height, outWidth, outHeight, size } = shape;
      const rowPitch = 'rowPitch' in shape ? shape.rowPitch : width;
      const channels: 3 | 4 = 'channels' in shape ? shape.channels : 4;
      // Transparent pixels are among them.
      const pixels = bytes(rowPitch * height * channels, 1);
      const columns = tapsOf(width, outWidth);
      const rows = tapsOf(height, outHeight);
      const type = resampleType(arithmetic);
      const sizes = { width, height, rowPitch, channels, outWidth };
      const columnOptions = { ...sizes, taps: count, arithmetic };
      const first = resampleColumnsKernel(columnOptions, gpu!.kernelDevice);
      const { samples } = await runKernel(gpu!, first.kernel, {
        parameters: first.parameters,
        pixels: padded(pixels),
        taps: packTaps(columns, type),
        samples: height * outWidth * 12,
      });
      const exactSamples = resampleColumnsReference(pixels, columns, columnOptions);
      const gotSamples = type === 'i32' ? new Int32Array(samples!.buffer) : samples!;
      // Whole numbers are exact; f32 sums of three products up to 255 round in steps of 1.5e-5.
      const limit = arithmetic === 'float' ? 5e-5 : 0;
      expectClose(gotSamples, exactSamples, { what: first.kernel.label, limit, seed: 1 });

      // The same in a strip: rows above it are left as they are.
      const firstRow = height >> 1;
      const strip = { ...columnOptions, firstRow, height: height - firstRow };
      const part = resampleColumnsKernel(strip, gpu!.kernelDevice);
      const partial = await runKernel(gpu!, part.kernel, {
        parameters: part.parameters,
        pixels: padded(pixels.subarray(firstRow * rowPitch * channels)),
        taps: packTaps(columns, type),
        samples: samples!.map((_, index) => index),
      });
      const above = firstRow * outWidth * 3;
      expect(partial['samples']!.slice(0, above)).toEqual(
        Float32Array.from({ length: above }, (_, i) => i),
      );
      expect(partial['samples']!.slice(above)).toEqual(samples!.slice(above));

      const rowOptions = {
        height,
        outWidth,
        outHeight,
        size,
        taps: count,
        arithmetic,
        block: [count, count],
        mean: MEAN,
        deviation: DEVIATION,
      } as const;
      const second = resampleRowsKernel(rowOptions, gpu!.kernelDevice);
      const { y } = await runKernel(gpu!, second.kernel, {
        parameters: second.parameters,
        samples: samples!,
        taps: packTaps(rows, type),
        levels: LEVELS,
        y: size * size * 12,
      });
      // From the samples that the device has, so that a level at a half falls on the same side.
      const exact = resampleRowsReference(Float64Array.from(gotSamples), rows, rowOptions);
      // The division of WGSL is good to 2.5 steps, of 2.4e-7 near 2.6; f32 sums add 5e-5 / 57. Whole
      // levels are looked up in f32.
      const rowLimit = arithmetic === 'float' ? 2e-6 : 1.3e-7;
      expectClose(y!, exact, { what: second.kernel.label, limit: rowLimit, seed: 1 });
    });
  });

  describe.each([
    { masks: 1, height: 8, width: 8, outHeight: 21, outWidth: 33, taps: 3 },
    { masks: 3, height: 5, width: 9, outHeight: 40, outWidth: 100, taps: 2, offset: 7 },
    { masks: 2, height: 4, width: 4, outHeight: 3, outWidth: 1, taps: 4, threshold: 0.25 },
  ])('threshold $masks masks of $outHeight x $outWidth', (shape) => {
    test.each([false, true])('equal logits inside: %s', async (inclusive) => {
      const { masks, height, width, outHeight, outWidth, taps, offset = 0, threshold = 0 } = shape;
      const logits = seededValues(offset + masks * height * width, 3).map((value) => 4 * value);
      // The last mask is empty, or all of it at the threshold.
      if (masks > 1) logits.fill(inclusive ? threshold : -9, offset + (masks - 1) * height * width);
      const within = (list: ResamplingTaps, input: number): ResamplingTaps => ({
        first: Array.from(list.first, (start) => Math.min(Math.max(start, 0), input - taps)),
        // Sixteenths, so that sums in f32 are exact at the threshold.
        weights: Array.from(
          list.weights,
          (_, index) => [16 - taps + 1, 1, 1, 1][index % taps]! / 16,
        ),
      });
      const rows = within(someTaps(height, outHeight, taps, 1), height);
      const columns = within(someTaps(width, outWidth, taps, 1), width);
      const options = {
        ...shape,
        inclusive,
        rowTaps: tapCount(rows),
        columnTaps: tapCount(columns),
        stabilityOffset: 0.5,
      };
      const { kernel, parameters } = thresholdMaskKernel(options, gpu!.kernelDevice);
      const words = maskRowWords(outWidth);
      const { bits, counts } = await runKernel(gpu!, kernel, {
        parameters,
        logits,
        rows: packTaps(rows, 'f32'),
        columns: packTaps(columns, 'f32'),
        bits: masks * outHeight * words * 4,
        counts: new Uint32Array(masks * MASK_COUNT_WORDS),
      });
      const packed = new Uint32Array(bits!.buffer);
      for (let mask = 0; mask < masks; mask++) {
        const start = offset + mask * height * width;
        const enlarged = enlargedReference(logits.subarray(start), rows, columns, options);
        const expected = [...enlarged].map((logit) =>
          Number(logit > threshold || (inclusive && logit === threshold)),
        );
        const got = expected.map((_, pixel) => {
          const row = mask * outHeight + Math.floor(pixel / outWidth);
          const column = pixel % outWidth;
          return (packed[row * words + (column >> 5)]! >>> (column & 31)) & 1;
        });
        expect(got).toEqual(expected);
        const inside = [...expected.keys()].filter((pixel) => expected[pixel] === 1);
        const xs = inside.map((pixel) => pixel % outWidth);
        const ys = inside.map((pixel) => Math.floor(pixel / outWidth));
        const [x, y] = inside.length === 0 ? [0, 0] : [Math.min(...xs), Math.min(...ys)];
        const size = { width: outWidth, height: outHeight };
        expect(readMaskCounts(new Uint32Array(counts!.buffer), mask, size)).toEqual({
          area: inside.length,
          bounds: {
            x,
            y,
            width: inside.length === 0 ? 0 : Math.max(...xs) - x + 1,
            height: inside.length === 0 ? 0 : Math.max(...ys) - y + 1,
          },
          aboveRaised: enlarged.filter((logit) => logit > threshold + 0.5).length,
          aboveLowered: enlarged.filter((logit) => logit > threshold - 0.5).length,
        });
      }
    });
  });

  test.each([
    { width: 40, height: 9, opacity: 0.5 },
    { width: 33, height: 12, opacity: 0.3, outlineWidth: 2, rowPitch: 64, outRowPitch: 40 },
    {
      width: 20,
      height: 20,
      opacity: 0,
      outlineWidth: 5,
      outlineColor: [9, 200, 40],
      maskOffset: 3,
    },
  ] as const)('lays a mask over $width x $height', async (shape) => {
    const {
      width,
      height,
      rowPitch = width,
      outRowPitch = width,
      maskOffset = 0,
    } = {
      rowPitch: undefined,
      outRowPitch: undefined,
      maskOffset: undefined,
      ...shape,
    };
    const pitched = bytes(rowPitch * height * 4, 2);
    const rgba = new Uint8Array(width * height * 4);
    const mask = new Uint8Array(width * height);
    const words = maskRowWords(width);
    const bits = new Uint32Array(maskOffset + words * height);
    for (let pixel = 0; pixel < mask.length; pixel++) {
      const [column, row] = [pixel % width, Math.floor(pixel / width)];
      const from = (row * rowPitch + column) * 4;
      rgba.set(pitched.subarray(from, from + 4), pixel * 4);
      const isInside = (column - width / 2) ** 2 + (row - 2) ** 2 < 40;
      mask[pixel] = Number(isInside);
      if (isInside) bits[maskOffset + row * words + (column >> 5)]! |= 1 << (column & 31);
    }
    const options = { ...shape, color: [30, 144, 255] } as const;
    const { kernel, parameters } = overlayKernel(options, gpu!.kernelDevice);
    const { result } = await runKernel(gpu!, kernel, {
      parameters,
      pixels: pitched,
      bits,
      result: outRowPitch * height * 4,
    });
    const got = new Uint8Array(result!.buffer);
    const dense = rgba.map((_, index) => {
      const [row, rest] = [Math.floor(index / (width * 4)), index % (width * 4)];
      return got[row * outRowPitch * 4 + rest]!;
    });
    // A level that is half between two in f64 may fall on either side in f32.
    const expected = overlayReference(rgba, mask, options);
    expectClose(dense, expected, { what: kernel.label, limit: 1, rmsLimit: 0.1, seed: 2 });
  });
});
