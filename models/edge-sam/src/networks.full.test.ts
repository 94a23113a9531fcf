// The official network as it is published: photographs at 1024 pixels, and the decoder by itself.
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { describeEdgeDecoder, describeEdgeSam } from './parity/describe-edge-sam.ts';

await describeEdgeDecoder('onnxruntime-node', startOnnx, 'edge_sam/decoder');
for (const picture of ['truck', 'dog']) {
  await describeEdgeSam('onnxruntime-node', startOnnx, `edge_sam/${picture}`);
}
