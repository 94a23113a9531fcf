// The whole official network at reduced size: from a picture to masks at the picture's size.
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { describeEdgeSam } from './parity/describe-edge-sam.ts';

for (const picture of ['landscape', 'portrait']) {
  await describeEdgeSam('onnxruntime-node', startOnnx, `reduced/edge_sam_256/${picture}`);
}
