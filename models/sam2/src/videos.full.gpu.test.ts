// The other clips at reduced size on our own kernels.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: fixtureCases(import.meta.url, [
    'sam2.1_hiera_tiny_256/video_one_object',
    'sam2.1_hiera_tiny_256/video_two_objects',
  ]),
  // Each number of memories is a program of its own, which a software adapter compiles for long.
  timeout: 1_200_000,
});
