// Whole networks at reduced size, from a picture to masks at the picture's size, and through the public API.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: fixtureCases(import.meta.url, [
    'sam2.1_hiera_tiny_256/image_landscape',
    'sam2.1_hiera_tiny_256/image_portrait',
  ]),
});
