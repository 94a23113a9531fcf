// The video predictor at its own size, call by call and frame by frame.
import type { Backend } from '@samgpu/graph';
import { createOnnxBackend } from '@samgpu/onnx';
import { sharedPath } from '@samgpu/testing';
import { afterAll, beforeAll, describe, vi } from 'vitest';

import { describeVideo } from './parity/describe-video.ts';
import { openVideoCase } from './parity/video-case.ts';

// A frame with seven memories takes seconds, and many times that on a machine that is busy.
vi.setConfig({ testTimeout: 1_800_000, hookTimeout: 600_000 });

const shared = sharedPath('parity');

const CASES = [
  ...['one_object', 'two_objects', 'reverse', 'absent', 'absent_tracked', 'correction_as_cond']
    .concat('mask_prompt_plain')
    .map((name) => `sam2.1_hiera_tiny/video_${name}`),
  'sam2.1_hiera_small/video_one_object',
  'sam2_hiera_tiny/video_one_object',
];

describe.skipIf(shared === undefined)('clips (need ../shared)', async () => {
  let backend: Backend | undefined;
  beforeAll(async () => {
    backend = await createOnnxBackend({ runtime: 'node' });
  });
  afterAll(() => backend?.dispose());
  for (const path of CASES) {
    const videoCase = await openVideoCase(`${shared}/${path}`, shared!);
    describeVideo('onnxruntime-node', () => backend!, videoCase);
  }
});
