// On our own kernels: what takes a software adapter minutes.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: sharedCases(['reduced/efficient_sam_vitt_256/portrait', 'efficient_sam_vitt/dog']),
  endToEnd: false,
  timeout: 3_600_000,
});
