import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { softmaxReference } from './softmax.reference.ts';
import { softmaxKernel, type SoftmaxOptions } from './softmax.ts';

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`softmax${missingDevice()}`, () => {
  for (const software of [true, false]) {
    test.each<SoftmaxOptions>([
      { rows: 1, width: 1 },
      { rows: 3, width: 7 },
      { rows: 70, width: 64 },
      { rows: 2, width: 1024 },
      { rows: 2, width: 5001 }, // more than workgroup memory holds
      { rows: 5, width: 8, offset: 4, rowStride: 20 },
      { rows: 5, width: 6, offset: 3, rowStride: 7 },
    ])(
      `matches the definition on [$rows, $width] (software adapter: ${software})`,
      async (options) => {
        const { rows, width, offset = 0, rowStride = width } = options;
        // exp of most of these alone is infinite or 0.
        const x = Float32Array.from(
          { length: offset + rows * rowStride },
          (_, index) => (index % 2 === 0 ? 200 : -200) + 3 * Math.sin(index * index),
        );
        const device = { ...gpu!.kernelDevice, software, workgroupsPerDimension: 3 };
        const { y } = await runKernel(gpu!, softmaxKernel(options, device), {
          x,
          y: rows * width * 4,
        });
        const dense = Array.from({ length: rows }, (_, row) => [
          ...x.subarray(offset + row * rowStride, offset + row * rowStride + width),
        ]).flat();
        const expected = softmaxReference(dense, width);
        // Relative: exp of up to -6 is good to 15 units of 6e-8, the sum of thousands to as many.
        expected.forEach((want, index) =>
          expect(Math.abs(y![index]! - want)).toBeLessThanOrEqual(3e-6 * want + 1e-30),
        );
      },
    );
  }
});
