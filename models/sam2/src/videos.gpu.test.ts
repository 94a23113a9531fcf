// The video predictor at reduced size on our own kernels.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'webgpu',
  cases: fixtureCases(import.meta.url, ['sam2.1_hiera_tiny_256/video_absent_tracked']),
  // Each number of memories is a program of its own, which a software adapter compiles for long.
  timeout: 600_000,
});
