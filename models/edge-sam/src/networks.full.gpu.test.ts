// On our own kernels: what takes a software adapter minutes.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: sharedCases(['reduced/edge_sam_256/landscape', 'edge_sam/dog']),
  endToEnd: false,
  timeout: 3_600_000,
});
