// The whole network at reduced size: from a picture to masks at the picture's size.
import { describe, expect, test } from 'vitest';

import { checkInput } from '../../sam/src/parity/check-encoder.ts';
import { describeNetwork } from '../../sam/src/parity/describe.ts';
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { openNetworks } from './parity/mobile-sam-case.ts';

const networks = await openNetworks();

describe.each(networks)('$golden.name', (network) => {
  test('gets the official input', async () => {
    await expect(checkInput(network)).resolves.toBeUndefined();
  });
});

for (const network of networks) {
  describeNetwork('onnxruntime-node', startOnnx, network);
}
