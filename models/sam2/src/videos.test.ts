// The video predictor at reduced size, call by call and frame by frame.
import { describeCases, fixtureCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: fixtureCases(import.meta.url, [
    'sam2.1_hiera_tiny_256/video_one_object',
    'sam2.1_hiera_tiny_256/video_two_objects',
    'sam2.1_hiera_tiny_256/video_absent_tracked',
  ]),
});
