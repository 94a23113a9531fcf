import type { Backend } from '@samgpu/graph';
import { createOnnxBackend, type OnnxBackendOptions } from '@samgpu/onnx';

import { SegmenterError } from './segmenter-error.ts';

/** Where to run: `auto` takes WebGPU on a real adapter, else ONNX Runtime. */
export type BackendChoice = 'auto' | 'webgpu' | 'onnx';

/** The backend that was taken, in words for people. */
export interface BackendInfo {
  readonly kind: Backend['kind'];
  /** For example `onnxruntime-node 1.30.0, CPU, 2 threads`. */
  readonly description: string;
  /** Why this one. */
  readonly reason: string;
}

export interface ChosenBackend {
  readonly backend: Backend;
  readonly info: BackendInfo;
}

/**
 * Makes the backend that was asked for.
 *
 * @throws SegmenterError `backend-unavailable`
 */
export async function chooseBackend(
  choice: BackendChoice,
  onnx: OnnxBackendOptions = {},
): Promise<ChosenBackend> {
  if (choice === 'webgpu') {
    throw new SegmenterError(
      'backend-unavailable',
      "the WebGPU backend is not part of this version; use backend: 'auto' or 'onnx'",
    );
  }
  const backend = await createOnnxBackend(onnx);
  const why = choice === 'onnx' ? 'asked for' : 'this version has no other backend';
  return {
    backend,
    info: {
      kind: backend.kind,
      description: backend.description,
      reason: `${why}; ${backend.reason}`,
    },
  };
}
