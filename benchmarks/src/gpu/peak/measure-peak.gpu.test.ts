import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { measurePeak } from './measure-peak.ts';

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`measurePeak${missingDevice()}`, () => {
  test('gives rates that a device can have', async () => {
    const errors: string[] = [];
    gpu!.device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
    const { gigaflops, gigabytesPerSecond } = await measurePeak(gpu!.device, true);
    expect(errors).toEqual([]);
    // Loops that the compiler took away would seem to run a thousand times as fast.
    expect(gigaflops).toBeGreaterThan(0.1);
    expect(gigaflops).toBeLessThan(500_000);
    expect(gigabytesPerSecond).toBeGreaterThan(0.05);
    expect(gigabytesPerSecond).toBeLessThan(50_000);
  });
});
