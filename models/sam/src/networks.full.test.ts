// Networks as they are published, on photographs, decoders by themselves, and what is no fixture.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: sharedCases([
    'sam_vit_b/decoder',
    'sam_vit_b/truck',
    'sam_vit_b/dog',
    'sam_vit_l/truck',
    'sam_vit_h/truck',
    'reduced/sam_vit_b_256/decoder',
    'reduced/sam_vit_b_256/landscape',
    'reduced/sam_vit_b_256/portrait',
    'reduced/sam_vit_b_256_depth3/landscape',
  ]),
  // Encoders take seconds to minutes, and many times that on a machine that is busy.
  timeout: 1_200_000,
});
