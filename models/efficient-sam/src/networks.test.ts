// The official network at reduced size: from a picture to masks at the picture's size.
import { startOnnx } from '../../sam/src/parity/onnx-place.ts';
import { describeDecoder, describeEfficientSam } from './parity/describe-efficient-sam.ts';
import { openDecoderCase, openEfficientCase } from './parity/efficient-sam-case.ts';
import { fixture } from './parity/fixture.ts';

describeDecoder(
  'onnxruntime-node',
  startOnnx,
  await openDecoderCase(fixture('efficient_sam_vitt_256/decoder')),
);
describeEfficientSam(
  'onnxruntime-node',
  startOnnx,
  await openEfficientCase(fixture('efficient_sam_vitt_256/landscape')),
);
