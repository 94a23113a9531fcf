// The parts of TinyViT, one by one, against outputs of the official code.
import { describeModuleCases } from '../../sam/src/parity/describe.ts';
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { interpreterRun } from '../../sam/src/parity/run.ts';
import { tinyVitModules } from './parity/tiny-vit-modules.ts';

describeModuleCases('TinyViT on the float64 interpreter', tinyVitModules, async () => ({
  run: interpreterRun,
}));
describeModuleCases('TinyViT on onnxruntime-node', tinyVitModules, startOnnx);
