// The parts of the official network, one by one, against its own outputs.
import { describeModules } from './parity/describe.ts';
import { startOnnx } from './parity/onnx-place.ts';
import { interpreterRun } from './parity/run.ts';

describeModules('the float64 interpreter', async () => ({ run: interpreterRun }), {
  withLarge: false,
});
describeModules('onnxruntime-node', startOnnx);
