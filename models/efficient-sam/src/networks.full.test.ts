// The official networks as they are published: photographs at 1024 pixels, and decoders by themselves.
import { sharedPath } from '@samgpu/testing';
import { describe } from 'vitest';

import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { describeDecoder, describeEfficientSam } from './parity/describe-efficient-sam.ts';
import { openDecoderCase, openEfficientCase } from './parity/efficient-sam-case.ts';

const folder = sharedPath('parity');

describe.skipIf(folder === undefined)('EfficientSAM at full size (needs ../shared)', async () => {
  if (folder === undefined) {
    return;
  }
  for (const variant of ['efficient_sam_vitt', 'efficient_sam_vits']) {
    describeDecoder(
      'onnxruntime-node',
      startOnnx,
      await openDecoderCase(`${folder}/${variant}/decoder`),
    );
  }
  for (const path of [
    'efficient_sam_vitt/truck',
    'efficient_sam_vitt/dog',
    'efficient_sam_vits/dog',
  ]) {
    describeEfficientSam(
      'onnxruntime-node',
      startOnnx,
      await openEfficientCase(`${folder}/${path}`),
    );
  }
});
