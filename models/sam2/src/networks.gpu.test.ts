// Modules and reduced networks on our own kernels.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: fixtureCases(import.meta.url, [
    'modules_sam2',
    'sam2.1_hiera_tiny_256/image_landscape',
    'sam2.1_hiera_tiny_256/image_portrait',
  ]),
  // A second device would compile everything once more.
  endToEnd: false,
  timeout: 300_000,
});
