// Modules and reduced networks on our own kernels.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: fixtureCases(import.meta.url, ['hq_vit_192_256/landscape', 'hq_vit_b_256/decoder']),
  // A second device would compile everything once more.
  endToEnd: false,
  timeout: 300_000,
});
