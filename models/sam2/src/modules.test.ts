// The parts of the official network, one by one, against its own outputs.
import { openParityCase } from '@samgpu/testing';

import { describeModuleCases } from '../../sam/src/parity/describe.ts';
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { interpreterRun } from '../../sam/src/parity/run.ts';
import { fixture } from './parity/fixture.ts';
import { memoryCases } from './parity/memory-modules.ts';
import { trunkCases } from './parity/trunk-modules.ts';

const modules = await openParityCase(fixture('modules_sam2'));
const cases = [...trunkCases(modules), ...memoryCases(modules)];

describeModuleCases('SAM 2 on the float64 interpreter', cases, async () => ({
  run: interpreterRun,
}));
describeModuleCases('SAM 2 on onnxruntime-node', cases, startOnnx);
