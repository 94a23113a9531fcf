/** The longest of the reduced video cases on our own kernels: up to seven memories, and a correction. */
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { createWebGpuBackend } from '@samgpu/webgpu';
import { afterAll, describe, vi } from 'vitest';

import { describeVideo } from './parity/describe-video.ts';
import { fixture } from './parity/fixture.ts';
import { openVideoCase } from './parity/video-case.ts';

// Each number of memories is a program of its own, which a software adapter compiles for long.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`WebGPU${missingDevice()}`, async () => {
  const backend = gpu === undefined ? undefined : await createWebGpuBackend();
  afterAll(() => backend?.dispose());
  const directory = fixture('sam2.1_hiera_tiny_256/video_one_object');
  describeVideo('WebGPU', () => backend!, await openVideoCase(directory, fixture('')));
});
