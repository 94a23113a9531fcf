// Networks at their own size, on a photograph: from a picture to masks at the picture's size.
import { sharedPath } from '@samgpu/testing';
import { expect, test, vi } from 'vitest';

import { checkInput } from '../../sam/src/parity/check-encoder.ts';
import { describeDecoder, describeNetwork } from '../../sam/src/parity/describe.ts';
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import {
  openTinyVitCase,
  openTinyVitDecoder,
  openVitCase,
  openVitDecoder,
} from './parity/hq-case.ts';

// ViT-B takes a minute on two cores, and several on a machine that is busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const shared = sharedPath('parity');
const networks =
  shared === undefined
    ? []
    : [
        await openTinyVitCase(`${shared}/hq_vit_tiny/dog`),
        await openVitCase(`${shared}/hq_vit_b/dog`),
      ];
const decoders =
  shared === undefined
    ? []
    : [
        await openTinyVitDecoder(`${shared}/hq_vit_tiny/decoder`),
        await openVitDecoder(`${shared}/hq_vit_b/decoder`),
      ];

test.skipIf(shared === undefined)('gets the official input (needs ../shared)', async () => {
  for (const network of networks) {
    await expect(checkInput(network)).resolves.toBeUndefined();
  }
});

for (const network of networks) {
  describeNetwork('onnxruntime-node', startOnnx, network);
}
for (const { decoderCase, features } of decoders) {
  describeDecoder('onnxruntime-node', startOnnx, decoderCase, features);
}
