// Networks as they are published, on photographs, decoders by themselves, and what is no fixture.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: sharedCases([
    'sam2_modules',
    'sam2_parts',
    'sam2.1_hiera_tiny/image_truck',
    'sam2.1_hiera_tiny/image_bags',
    'sam2.1_hiera_small/image_truck',
    'sam2.1_hiera_small/image_bags',
    'sam2.1_hiera_base_plus/image_truck',
    'sam2.1_hiera_base_plus/image_bags',
    'sam2.1_hiera_large/image_truck',
    'sam2.1_hiera_large/image_bags',
  ]),
  // Encoders take seconds to minutes, and many times that on a machine that is busy.
  timeout: 1_200_000,
});
