// The four sizes as they are published, on photographs: from a picture to masks at its size.
import { sharedPath } from '@samgpu/testing';
import { describe, vi } from 'vitest';

import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { describeImage } from './parity/describe-image.ts';
import { openImageCase } from './parity/image-case.ts';

// The encoder takes seconds, and many times that on a machine that is busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const shared = sharedPath('parity');

describe.skipIf(shared === undefined)('photographs (needs ../shared)', async () => {
  for (const size of ['tiny', 'small', 'base_plus', 'large']) {
    for (const picture of ['truck', 'bags']) {
      const directory = `${shared}/sam2.1_hiera_${size}/image_${picture}`;
      describeImage('onnxruntime-node', startOnnx, await openImageCase(directory, shared!));
    }
  }
});
