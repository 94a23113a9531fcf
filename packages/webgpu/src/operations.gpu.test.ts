import type { HostValue } from '@samgpu/graph';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { operationCases, prepareCase } from '@samgpu/testing/operation-cases';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createWebGpuBackend, type DeviceOptions, type WebGpuBackend } from './index.ts';

const gpu = await openTestDevice();

/**
 * Where a kernel rounds more than a case allows for.
 *
 * On adapters that run on a CPU one invocation adds a row up in four lanes: 48 values near 1000 make
 * sums near 48 000, where one f32 step is 1/256; 48 roundings of half of that walk to about 0.014 in
 * each lane, so the mean is wrong by 1.4e-4, and the deviation that it is divided by is 1.7.
 */
const KERNEL_TOLERANCES: Readonly<Record<string, number>> = {
  'layerNorm [5, 192] far from zero': 1.6e-4,
};

const DEVICES: readonly { readonly name: string; readonly options: DeviceOptions }[] = [
  { name: 'all that the adapter has', options: { limits: 'adapter' } },
  { name: 'what every device has', options: { limits: 'default' } },
];

describe.skipIf(gpu === undefined)(`operations on WebGPU${missingDevice()}`, () => {
  describe.each(DEVICES)('with $name', ({ options }) => {
    let backend: WebGpuBackend;
    beforeAll(async () => {
      backend = await createWebGpuBackend(options);
    });
    afterAll(() => backend.dispose());

    test.each(operationCases)('$name', async (operationCase) => {
      const { graph, inputs, weights, expected, tolerance } = prepareCase(operationCase);
      const program = await backend.compile(graph, weights);
      const { result } = await program.run(inputs);
      const got = await result!.read();
      result!.dispose();
      program.dispose();
      expect(got.shape).toEqual(expected.shape);
      const allowed = KERNEL_TOLERANCES[operationCase.name] ?? tolerance;
      expect(largestError(got, expected.data)).toBeLessThanOrEqual(allowed);
    });
  });
});

/** Relative to max(1, |expected|), as the tolerances of the cases are. */
function largestError({ data }: HostValue, expected: Float64Array): number {
  expect(data.length).toBe(expected.length);
  return expected.reduce(
    (largest, value, index) =>
      Math.max(largest, Math.abs((data[index] ?? NaN) - value) / Math.max(1, Math.abs(value))),
    0,
  );
}
