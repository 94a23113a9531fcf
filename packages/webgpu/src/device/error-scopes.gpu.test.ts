import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { WebGpuError } from '../webgpu-error.ts';
import { withErrorScopes } from './error-scopes.ts';
import { BUFFER_USAGE } from './gpu-constants.ts';

const gpu = await openTestDevice();
const usage = BUFFER_USAGE.storage;

describe.skipIf(gpu === undefined)(`error scopes${missingDevice()}`, () => {
  test('what is made comes back', async () => {
    const { device } = gpu!;
    const buffer = await withErrorScopes(device, 'a buffer', 256, () =>
      device.createBuffer({ size: 256, usage }),
    );
    expect(buffer.size).toBe(256);
    buffer.destroy();
  });

  test('too little memory is told with the size', async () => {
    const { device } = gpu!;
    const size = 2 ** 40;
    const making = withErrorScopes(device, 'the weight "a.b"', size, () =>
      device.createBuffer({ size, usage, mappedAtCreation: true }),
    );
    const error: unknown = await making.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WebGpuError);
    expect((error as WebGpuError).code).toBe('out-of-memory');
    expect((error as WebGpuError).sizes).toEqual({ got: size });
    expect((error as WebGpuError).message).toMatch(/^the weight "a\.b" takes 1024\.0 GiB/);
  });

  test('what WebGPU refuses is a mistake of ours', async () => {
    const { device } = gpu!;
    const making = withErrorScopes(device, 'a buffer', 0, () =>
      device.createBuffer({ size: 256, usage: 0 }),
    );
    await expect(making).rejects.toMatchObject({ name: 'WebGpuError', code: 'validation' });
  });

  test('errors that are not of the device pass through, and scopes are closed', async () => {
    const { device } = gpu!;
    const mistake = new TypeError('mistake');
    const making = withErrorScopes(device, 'nothing', 0, () => {
      throw mistake;
    });
    await expect(making).rejects.toBe(mistake);
    await expect(device.popErrorScope()).rejects.toThrow(/pop/i);
  });
});
