/** Modules and reduced networks on our own kernels, against the official code's outputs. */
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { createWebGpuBackend } from '@samgpu/webgpu';
import { describe } from 'vitest';

import { describeModules, describeNetwork } from './parity/describe.ts';
import { backendRun } from './parity/run.ts';
import { openNetworks } from './parity/sam-case.ts';

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`WebGPU${missingDevice()}`, async () => {
  const start = async (): Promise<{ run: ReturnType<typeof backendRun>; stop: () => void }> => {
    const backend = await createWebGpuBackend();
    return { run: backendRun(backend), stop: () => backend.dispose() };
  };
  describeModules('WebGPU', start);
  for (const network of await openNetworks()) {
    describeNetwork('WebGPU', start, network);
  }
});
