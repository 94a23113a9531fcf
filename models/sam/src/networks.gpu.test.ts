// Modules and reduced networks on our own kernels.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: fixtureCases(import.meta.url, [
    'modules_sam',
    'sam_vit_h_blocks',
    'sam_vit_192_256/landscape',
    'sam_vit_240_256/landscape',
    'sam_vit_b_256/decoder_grid',
  ]),
  // A second device would compile everything once more.
  endToEnd: false,
  timeout: 300_000,
});
