// Networks as they are published, on photographs, decoders by themselves, and what is no fixture.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: sharedCases([
    'edge_sam/decoder',
    'edge_sam/truck',
    'edge_sam/dog',
    'reduced/edge_sam_256/landscape',
  ]),
  // Encoders take seconds to minutes, and many times that on a machine that is busy.
  timeout: 1_200_000,
});
