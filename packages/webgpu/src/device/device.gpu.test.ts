import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { createWebGpuBackend, describeAdapter, isSoftwareAdapter, WebGpuError } from '../index.ts';

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`devices${missingDevice()}`, () => {
  test('an adapter is described in plain values', async () => {
    const report = await describeAdapter();
    expect(report.available).toBe(true);
    const { adapter } = report as Extract<typeof report, { available: true }>;
    expect(structuredClone(adapter)).toEqual(adapter);
    expect(adapter.limits['maxStorageBufferBindingSize']).toBeGreaterThanOrEqual(2 ** 27);
    expect(adapter.features).toContain('core-features-and-limits');
    expect([adapter.vendor, adapter.description].join('')).not.toBe('');
  });

  test('a device gets what the adapter has, or what every device has', async () => {
    const report = await describeAdapter();
    const { adapter } = report as Extract<typeof report, { available: true }>;
    const full = await createWebGpuBackend({ limits: 'adapter' });
    const small = await createWebGpuBackend({ limits: 'default' });
    for (const name of ['maxBufferSize', 'maxStorageBufferBindingSize'] as const) {
      expect(full.device.limits[name]).toBe(adapter.limits[name]);
    }
    expect(full.device.features.has('timestamp-query')).toBe(
      adapter.features.includes('timestamp-query'),
    );
    expect(small.device.limits.maxStorageBufferBindingSize).toBe(2 ** 27);
    expect(small.device.limits.maxComputeWorkgroupStorageSize).toBe(16384);
    expect(small.device.features.has('timestamp-query')).toBe(false);
    full.dispose();
    small.dispose();
  });

  test('a software adapter is refused where a real one is wanted', async () => {
    const adapter = (await (await createNodeGpu([])).requestAdapter())!;
    const outcome: unknown = await createWebGpuBackend({ software: false, adapter }).then(
      (real) => {
        real.dispose();
        return 'opened';
      },
      (error: unknown) => (error as WebGpuError).code,
    );
    expect(outcome).toBe(isSoftwareAdapter(adapter.info) ? 'no-adapter' : 'opened');
  });

  test('toggles reach Dawn: a backend that does not exist has no adapter', async () => {
    const error: unknown = await createWebGpuBackend({
      toggles: ['adapter=none of this name'],
    }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WebGpuError);
    expect((error as WebGpuError).code).toBe('no-adapter');
  });
});
