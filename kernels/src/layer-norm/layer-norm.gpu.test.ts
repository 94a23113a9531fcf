import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { layerNormReference } from './layer-norm.reference.ts';
import { layerNormKernel, type LayerNormOptions } from './layer-norm.ts';

const gpu = await openTestDevice();

const CASES: readonly Omit<LayerNormOptions, 'epsilon'>[] = [
  { rows: 1, width: 4 },
  { rows: 3, width: 255 }, // not a multiple of four
  { rows: 5, width: 1 },
  { rows: 7, width: 64 },
  { rows: 2, width: 1280 }, // SAM ViT-H
  { rows: 2, width: 8192 }, // more than workgroup memory holds
  { rows: 37, width: 24 },
  { rows: 5, width: 32, offset: 96, rowStride: 128 }, // columns of wider rows
  { rows: 5, width: 32, offset: 3, rowStride: 41 },
];

describe.skipIf(gpu === undefined)(`layer norm${missingDevice()}`, () => {
  for (const software of [true, false]) {
    test.each(CASES)(
      `matches the definition on [$rows, $width] (software adapter: ${software})`,
      async (options) => {
        const { rows, width, offset = 0, rowStride = width } = options;
        // Far from zero, so that a variance computed as mean(x²) - mean(x)² would fail.
        const x = Float32Array.from(
          { length: offset + rows * rowStride },
          (_, index) => 1000 + 3 * Math.sin(index * index),
        );
        const weight = Float32Array.from(
          { length: width },
          (_, index) => 1 + 0.1 * Math.sin(index),
        );
        const bias = Float32Array.from({ length: width }, (_, index) => Math.cos(index));
        const kernel = layerNormKernel(
          { ...options, epsilon: 1e-6 },
          { ...gpu!.kernelDevice, software },
        );
        const { y } = await runKernel(gpu!, kernel, { x, weight, bias, y: rows * width * 4 });
        const dense = Array.from({ length: rows }, (_, row) => [
          ...x.subarray(offset + row * rowStride, offset + row * rowStride + width),
        ]).flat();
        const expected = layerNormReference(dense, weight, bias, 1e-6);
        const worst = expected.reduce((most, want, index) => {
          const error = Math.abs(y![index]! - want);
          return error <= most ? most : error;
        }, 0);
        // The mean is good to a few f32 steps at 1000, 6e-5 each; of thousands added one after
        // another in f32, to ten.
        expect(worst).toBeLessThan(width > 2000 ? 6e-4 : 2e-4);
      },
    );
  }

  test('more rows than one dimension of the grid holds', async () => {
    const rows = 300;
    const x = Float32Array.from({ length: rows * 8 }, (_, index) => Math.sin(index * index));
    const ones = new Float32Array(8).fill(1);
    for (const software of [true, false]) {
      const device = { ...gpu!.kernelDevice, software, workgroupsPerDimension: 1 };
      const kernel = layerNormKernel({ rows, width: 8, epsilon: 1e-5 }, device);
      expect(kernel.workgroups[1]).toBeGreaterThan(1);
      const { y } = await runKernel(gpu!, kernel, { x, weight: ones, bias: ones, y: x.byteLength });
      const expected = layerNormReference(x, ones, ones, 1e-5);
      // A few f32 roundings of values up to 3.
      expected.forEach((want, index) => expect(Math.abs(y![index]! - want)).toBeLessThan(2e-6));
    }
  });
});
