// Whole networks at reduced size, from a picture to masks at the picture's size, and the decoder of
// ViT-B by itself.
import { describe, expect, test } from 'vitest';

import { checkInput } from '../../sam/src/parity/check-encoder.ts';
import { describeDecoder, describeNetwork } from '../../sam/src/parity/describe.ts';
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { fixture } from './parity/fixture.ts';
import { openTinyVitCase, openVitCase, openVitDecoder } from './parity/hq-case.ts';

const networks = await Promise.all([
  openVitCase(fixture('hq_vit_192_256/landscape')),
  openTinyVitCase(fixture('hq_vit_tiny_256/portrait')),
]);
const { decoderCase, features } = await openVitDecoder(fixture('hq_vit_b_256/decoder'));

describe.each(networks)('$golden.name', (network) => {
  test('gets the official input', async () => {
    await expect(checkInput(network)).resolves.toBeUndefined();
  });
});

for (const network of networks) {
  describeNetwork('onnxruntime-node', startOnnx, network);
}
describeDecoder('onnxruntime-node', startOnnx, decoderCase, features);
