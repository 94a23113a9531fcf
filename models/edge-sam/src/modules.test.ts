// The parts of RepViT, one by one, against outputs of the official code. Those are not in the
// repository, because the official code is not free for every use.
import { openParityCase, sharedPath } from '@samgpu/testing';
import { describe } from 'vitest';

import { describeModuleCases } from '../../sam/src/parity/describe.ts';
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { interpreterRun } from '../../sam/src/parity/run.ts';
import { repVitModules } from './parity/rep-vit-modules.ts';

const folder = sharedPath('parity', 'reduced', 'modules_repvit');
const cases = folder === undefined ? [] : repVitModules(await openParityCase(folder));

describe.skipIf(folder === undefined)('RepViT (needs ../shared)', () => {
  describeModuleCases('RepViT on the float64 interpreter', cases, async () => ({
    run: interpreterRun,
  }));
  describeModuleCases('RepViT on onnxruntime-node', cases, startOnnx);
});
