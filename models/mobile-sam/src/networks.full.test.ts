// Networks as they are published, on photographs, decoders by themselves, and what is no fixture.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: sharedCases(['mobile_sam/decoder', 'mobile_sam/truck', 'mobile_sam/dog']),
  // Encoders take seconds to minutes, and many times that on a machine that is busy.
  timeout: 1_200_000,
});
