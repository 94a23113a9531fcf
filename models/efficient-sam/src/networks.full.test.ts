// Networks as they are published, on photographs, decoders by themselves, and what is no fixture.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: sharedCases([
    'efficient_sam_vitt/decoder',
    'efficient_sam_vitt/truck',
    'efficient_sam_vitt/dog',
    'efficient_sam_vits/decoder',
    'efficient_sam_vits/dog',
    'reduced/efficient_sam_vitt_256/portrait',
  ]),
  // Encoders take seconds to minutes, and many times that on a machine that is busy.
  timeout: 1_200_000,
});
