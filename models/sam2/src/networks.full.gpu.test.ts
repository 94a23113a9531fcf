// On our own kernels: what takes a software adapter minutes.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: sharedCases(['sam2.1_hiera_tiny/image_truck']),
  endToEnd: false,
  timeout: 3_600_000,
});
