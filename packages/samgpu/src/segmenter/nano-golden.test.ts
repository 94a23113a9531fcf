/** nano against the golden values of its PyTorch code, on every backend that needs no GPU. */
import { createOnnxBackend } from '@samgpu/onnx';

import {
  backendRun,
  describeNanoGraphs,
  describeNanoSegmenter,
  interpreterRun,
} from '../fixtures/nano-golden.ts';

describeNanoGraphs('the float64 interpreter', interpreterRun);
describeNanoGraphs('onnxruntime-node', async () =>
  backendRun(await createOnnxBackend({ runtime: 'node' })),
);
describeNanoGraphs('onnxruntime-web', async () =>
  backendRun(await createOnnxBackend({ runtime: 'web' })),
);
describeNanoSegmenter('ONNX Runtime', { backend: 'onnx' });
