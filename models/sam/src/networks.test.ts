// Whole networks at reduced size, from a picture to masks at the picture's size, and through the public API.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: fixtureCases(import.meta.url, [
    'sam_vit_192_256/landscape',
    'sam_vit_240_256/landscape',
    'sam_vit_b_256/decoder_grid',
  ]),
});
