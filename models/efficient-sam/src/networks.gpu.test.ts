// Modules and reduced networks on our own kernels.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: fixtureCases(import.meta.url, [
    'efficient_sam_vitt_256/decoder',
    'efficient_sam_vitt_256/landscape',
  ]),
  // A second device would compile everything once more.
  endToEnd: false,
  timeout: 300_000,
});
