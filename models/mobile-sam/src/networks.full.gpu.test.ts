// On our own kernels: what takes a software adapter minutes.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: sharedCases([
    'reduced/mobile_sam_256/landscape',
    'mobile_sam/decoder',
    'mobile_sam/truck',
  ]),
  endToEnd: false,
  timeout: 3_600_000,
});
