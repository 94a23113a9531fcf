import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { poolReference } from './pool.reference.ts';
import { poolKernel, type PoolOptions } from './pool.ts';

const gpu = await openTestDevice();

const SHAPES: readonly Omit<PoolOptions, 'kind'>[] = [
  {
    batch: 1,
    height: 6,
    width: 8,
    channels: 8,
    size: [2, 2],
    stride: [2, 2],
    padding: [0, 0, 0, 0],
  },
  {
    batch: 2,
    height: 7,
    width: 5,
    channels: 3,
    size: [3, 3],
    stride: [2, 2],
    padding: [1, 1, 1, 1],
  },
  {
    batch: 1,
    height: 5,
    width: 5,
    channels: 4,
    size: [5, 5],
    stride: [1, 1],
    padding: [2, 2, 2, 2],
  },
  {
    batch: 1,
    height: 4,
    width: 9,
    channels: 4,
    size: [1, 3],
    stride: [1, 2],
    padding: [0, 2, 0, 1],
    offset: 4,
  },
  {
    batch: 1,
    height: 1,
    width: 1,
    channels: 1,
    size: [1, 1],
    stride: [1, 1],
    padding: [0, 0, 0, 0],
    offset: 1,
  },
];

describe.skipIf(gpu === undefined)(`pool${missingDevice()}`, () => {
  describe.each(['max', 'average'] as const)('%s', (kind) => {
    test.each(SHAPES)('$size of $height x $width x $channels', async (shape) => {
      const { batch, height, width, channels, offset = 0 } = shape;
      const options = { ...shape, kind };
      // All below zero, so that padding with zeros would win.
      const x = seededValues(offset + batch * height * width * channels, 1).map(
        (value) => value - 2,
      );
      const expected = poolReference(x.subarray(offset), options);
      const kernel = poolKernel(options, gpu!.kernelDevice);
      const { y } = await runKernel(gpu!, kernel, { x, y: expected.length * 4 });
      // A maximum is exact; a sum of 25 numbers near -2 rounds in steps of 4e-6, and is divided.
      expectClose(y!, expected, { what: kernel.label, limit: kind === 'max' ? 0 : 2e-6, seed: 1 });
    });
  });

  test('more steps than one dimension of the grid holds', async () => {
    const options = { ...SHAPES[0]!, height: 40, width: 60, kind: 'max' } as const;
    const x = seededValues(40 * 60 * 8, 1);
    const device = { ...gpu!.kernelDevice, workgroupsPerDimension: 2 };
    const kernel = poolKernel(options, device);
    expect(kernel.workgroups[1]).toBeGreaterThan(1);
    const expected = poolReference(x, options);
    const { y } = await runKernel(gpu!, kernel, { x, y: expected.length * 4 });
    expectClose(y!, expected, { what: kernel.label, limit: 0, seed: 1 });
  });
});
