// Whole networks at reduced size, from a picture to masks at the picture's size, and through the public API.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: fixtureCases(import.meta.url, ['mobile_sam_256/landscape', 'mobile_sam_256/portrait']),
});
