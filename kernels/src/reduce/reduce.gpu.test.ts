import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { denseView, type View, viewExtent } from '../view/view.ts';
import { reduceReference } from './reduce.reference.ts';
import { REDUCE_KINDS, reduceKernel } from './reduce.ts';

const gpu = await openTestDevice();

const CASES: readonly { x: View; axes: number[] }[] = [
  { x: denseView([5, 9]), axes: [1] },
  { x: denseView([5, 9]), axes: [0] },
  { x: denseView([1]), axes: [0] },
  { x: denseView([2, 3000]), axes: [0, 1] },
  { x: denseView([2, 13, 17, 8]), axes: [1, 2] }, // as a mean over pixels
  { x: denseView([3, 4, 5, 6]), axes: [0, 2] },
  { x: denseView([3, 2, 3, 2, 3, 2]), axes: [1, 3, 5] },
  { x: { shape: [7, 6], strides: [1, 20], offset: 3 }, axes: [1] },
];

describe.skipIf(gpu === undefined)(`reduce${missingDevice()}`, () => {
  for (const software of [true, false]) {
    describe.each(CASES)(`of $x.shape along $axes (software adapter: ${software})`, (options) => {
      test.each(REDUCE_KINDS)('%s', async (kind) => {
        // All below zero, so that a maximum which begins with 0 would fail; sums are near 0.5 each.
        const shift = kind === 'max' ? -2 : kind === 'min' ? 2 : 0;
        const x = Float32Array.from(
          { length: viewExtent(options.x) },
          (_, index) => shift + Math.sin(index * index + 1),
        );
        const device = { ...gpu!.kernelDevice, software, workgroupsPerDimension: 2 };
        const kernel = reduceKernel({ ...options, kind }, device);
        const expected = reduceReference(x, { ...options, kind });
        const { y } = await runKernel(gpu!, kernel, { x, y: expected.length * 4 });
        expect(y!.length).toBe(expected.length);
        // f32 sums of up to 6000 numbers whose partial sums stay below 100: a step there is 8e-6.
        const tolerance = kind === 'sum' ? 2e-4 : 1e-6;
        expected.forEach((want, index) =>
          expect(Math.abs(y![index]! - want)).toBeLessThanOrEqual(tolerance),
        );
      });
    });
  }
});
