// Modules and reduced networks on our own kernels.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: fixtureCases(import.meta.url, ['modules_repvit', 'edge_sam_256/portrait']),
  // A second device would compile everything once more.
  endToEnd: false,
  timeout: 300_000,
});
