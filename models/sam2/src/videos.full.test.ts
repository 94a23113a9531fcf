// The video predictor at its own size, call by call and frame by frame.
import { describeCases, sharedCases } from '@samgpu/parity/vitest';

describeCases({
  backend: 'onnx',
  cases: sharedCases([
    'sam2.1_hiera_tiny/video_one_object',
    'sam2.1_hiera_tiny/video_two_objects',
    'sam2.1_hiera_tiny/video_reverse',
    'sam2.1_hiera_tiny/video_absent',
    'sam2.1_hiera_tiny/video_absent_tracked',
    'sam2.1_hiera_tiny/video_correction_as_cond',
    'sam2.1_hiera_tiny/video_mask_prompt_plain',
    'sam2.1_hiera_small/video_one_object',
    'sam2_hiera_tiny/video_one_object',
  ]),
  // A frame with seven memories takes seconds, and many times that on a machine that is busy.
  timeout: 1_800_000,
});
