// On our own kernels: what takes a software adapter minutes.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: sharedCases([
    'reduced/sam_vit_b_256/decoder',
    'reduced/sam_vit_b_256/landscape',
    'reduced/sam_vit_b_256/portrait',
    'reduced/sam_vit_b_256_depth3/landscape',
    'sam_vit_b/truck',
  ]),
  endToEnd: false,
  timeout: 3_600_000,
});
