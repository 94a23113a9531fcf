// Networks as they are published, on photographs, decoders by themselves, and what is no fixture.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: sharedCases([
    'hq_vit_tiny/decoder',
    'hq_vit_tiny/dog',
    'hq_vit_b/decoder',
    'hq_vit_b/dog',
    'hq_vit_b/truck',
    'reduced/hq_vit_b_256/landscape',
    'reduced/hq_vit_b_256/portrait',
    'reduced/hq_vit_tiny_256/landscape',
  ]),
  // Encoders take seconds to minutes, and many times that on a machine that is busy.
  timeout: 1_200_000,
});
