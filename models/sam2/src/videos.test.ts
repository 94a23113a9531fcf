// The video predictor at reduced size, call by call and frame by frame.
import type { Backend } from '@samgpu/graph';
import { createOnnxBackend } from '@samgpu/onnx';
import { afterAll, beforeAll } from 'vitest';

import { describeVideo } from './parity/describe-video.ts';
import { fixture } from './parity/fixture.ts';
import { openVideoCase } from './parity/video-case.ts';

let backend: Backend | undefined;
beforeAll(async () => {
  backend = await createOnnxBackend({ runtime: 'node' });
});
afterAll(() => backend?.dispose());

for (const name of ['one_object', 'two_objects', 'absent_tracked']) {
  const directory = fixture(`sam2.1_hiera_tiny_256/video_${name}`);
  describeVideo('onnxruntime-node', () => backend!, await openVideoCase(directory, fixture('')));
}
