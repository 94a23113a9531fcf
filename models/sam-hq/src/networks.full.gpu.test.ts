// On our own kernels: what takes a software adapter minutes.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: sharedCases([
    'reduced/hq_vit_b_256/landscape',
    'reduced/hq_vit_b_256/portrait',
    'reduced/hq_vit_tiny_256/landscape',
    'reduced/hq_vit_tiny_256/portrait',
    'hq_vit_tiny/dog',
  ]),
  endToEnd: false,
  timeout: 3_600_000,
});
