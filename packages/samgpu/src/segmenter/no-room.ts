import type { ModelWarning } from '@samgpu/weights';

/** Something that goes on in another way than was asked for. */
export interface SegmenterWarning {
  /**
   * - `smaller-batch`: the GPU has no room for as many prompts at once, so that lists of them take longer
   * - `onnx-instead`: the GPU has no room for the model, so that it runs on ONNX Runtime
   */
  readonly code: 'smaller-batch' | 'onnx-instead';
  readonly message: string;
}

export type OnSegmenterWarning = (warning: SegmenterWarning | ModelWarning) => void;

/** Whether something failed because a GPU has too little memory for it, or too small limits. */
export function isNoRoom(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'out-of-memory' || error.code === 'unsupported')
  );
}
