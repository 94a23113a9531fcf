/** Modules and the reduced network on our own kernels, against the official code's outputs. */
import { openParityCase } from '@samgpu/testing';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { createWebGpuBackend } from '@samgpu/webgpu';
import { afterAll, describe, vi } from 'vitest';

import { describeModuleCases, type Place } from '../../sam/src/parity/describe.ts';
import { backendRun } from '../../sam/src/parity/run.ts';
import { describeImage } from './parity/describe-image.ts';
import { fixture } from './parity/fixture.ts';
import { openImageCase } from './parity/image-case.ts';
import { memoryCases } from './parity/memory-modules.ts';
import { trunkCases } from './parity/trunk-modules.ts';

// Compiling a whole encoder takes a software adapter a minute, and more on a machine that is busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`WebGPU${missingDevice()}`, async () => {
  // One device for all, which keeps what it has compiled.
  const backend = gpu === undefined ? undefined : await createWebGpuBackend();
  afterAll(() => backend?.dispose());
  const start = async (): Promise<Place> => ({ run: backendRun(backend!) });
  const modules = await openParityCase(fixture('modules_sam2'));
  const cases = [...trunkCases(modules), ...memoryCases(modules)];
  describeModuleCases('SAM 2 on WebGPU', cases, start);
  for (const picture of ['landscape', 'portrait']) {
    const directory = fixture(`sam2.1_hiera_tiny_256/image_${picture}`);
    describeImage('WebGPU', start, await openImageCase(directory, fixture('')));
  }
});
