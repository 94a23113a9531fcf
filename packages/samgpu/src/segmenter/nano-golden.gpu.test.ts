/** nano against the golden values of its PyTorch code, on our own kernels. */
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { createWebGpuBackend } from '@samgpu/webgpu';
import { describe } from 'vitest';

import { backendRun, describeNanoGraphs, describeNanoSegmenter } from '../fixtures/nano-golden.ts';

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`WebGPU${missingDevice()}`, () => {
  describeNanoGraphs('WebGPU', async () => backendRun(await createWebGpuBackend()));
  describeNanoGraphs('WebGPU with what every device has', async () =>
    backendRun(await createWebGpuBackend({ limits: 'default' })),
  );
  describeNanoSegmenter('WebGPU', { backend: 'webgpu', imageProcessing: 'device' });
});
