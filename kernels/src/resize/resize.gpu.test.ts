import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { resizeReference } from './resize.reference.ts';
import { resizeKernel } from './resize.ts';

const gpu = await openTestDevice();

const SHAPES = [
  { batch: 1, height: 4, width: 5, channels: 8, outHeight: 8, outWidth: 10 },
  { batch: 2, height: 7, width: 3, channels: 3, outHeight: 5, outWidth: 11 },
  { batch: 1, height: 1, width: 1, channels: 1, outHeight: 3, outWidth: 2 },
  { batch: 1, height: 9, width: 8, channels: 4, outHeight: 1, outWidth: 3 },
  { batch: 1, height: 2, width: 1500, channels: 1, outHeight: 2, outWidth: 1499, offset: 2 },
  { batch: 1, height: 5, width: 6, channels: 4, outHeight: 5, outWidth: 6, offset: 8 },
];

describe.skipIf(gpu === undefined)(`resize${missingDevice()}`, () => {
  describe.each(['nearest', 'bilinear', 'bicubic'] as const)('%s', (mode) => {
    test.each(SHAPES)('$height x $width to $outHeight x $outWidth x $channels', async (shape) => {
      const { batch, height, width, channels, outHeight, outWidth, offset = 0 } = shape;
      const options = { ...shape, mode };
      const x = seededValues(offset + batch * height * width * channels, 1);
      const kernel = resizeKernel(options, gpu!.kernelDevice);
      const bytes = batch * outHeight * outWidth * channels * 4;
      const { y } = await runKernel(gpu!, kernel, { x, y: bytes });
      const expected = resizeReference(x.subarray(offset), options);
      // Sixteen products of numbers up to 1 and weights that sum to at most 2, rounded in f32.
      const limit = mode === 'nearest' ? 0 : 2e-6;
      expectClose(y!, expected, { what: kernel.label, limit, seed: 1 });
    });
  });

  test('refuses sides whose positions overflow', () => {
    const options = { ...SHAPES[0]!, mode: 'bilinear', height: 70_000, outHeight: 70_000 } as const;
    expect(() => resizeKernel(options, gpu!.kernelDevice)).toThrow('above 2^30');
  });
});
