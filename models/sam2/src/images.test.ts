// The image predictor at reduced size, from a picture to masks at its size.
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { describeImage } from './parity/describe-image.ts';
import { fixture } from './parity/fixture.ts';
import { openImageCase } from './parity/image-case.ts';

for (const picture of ['landscape', 'portrait']) {
  const directory = fixture(`sam2.1_hiera_tiny_256/image_${picture}`);
  describeImage('onnxruntime-node', startOnnx, await openImageCase(directory, fixture('')));
}
