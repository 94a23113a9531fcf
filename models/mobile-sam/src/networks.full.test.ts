// The network at its own size, on photographs: from a picture to masks at the picture's size.
import { sharedPath } from '@samgpu/testing';
import { expect, test, vi } from 'vitest';

import { openPromptCase } from '../../sam/src/parity/case.ts';
import { checkInput } from '../../sam/src/parity/check-encoder.ts';
import { describeDecoder, describeNetwork } from '../../sam/src/parity/describe.ts';
import { formulaMap } from '../../sam/src/parity/golden.ts';
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { samDecoder } from '../../sam/src/parity/sam-case.ts';
import { tinyVit } from './config.ts';
import { openMobileSamCase } from './parity/mobile-sam-case.ts';
import { weightShapes } from './weight-shapes.ts';

// The encoder takes seconds, and many times that on a machine that is busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const shared = sharedPath('parity', 'mobile_sam');
const networks =
  shared === undefined
    ? []
    : [await openMobileSamCase(`${shared}/truck`), await openMobileSamCase(`${shared}/dog`)];

test.skipIf(shared === undefined)('gets the official input (needs ../shared)', async () => {
  for (const network of networks) {
    await expect(checkInput(network)).resolves.toBeUndefined();
  }
});

for (const network of networks) {
  describeNetwork('onnxruntime-node', startOnnx, network);
}

if (shared !== undefined) {
  const decoder = await openPromptCase(`${shared}/decoder`, (_, sizes) =>
    weightShapes(tinyVit, sizes),
  );
  const embedding = formulaMap(decoder.golden, 'image_embedding');
  describeDecoder(
    'onnxruntime-node',
    startOnnx,
    { ...decoder, ...samDecoder(decoder) },
    { embedding },
  );
}
