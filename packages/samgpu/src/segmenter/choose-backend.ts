import type { Backend } from '@samgpu/graph';
import type { OnnxBackendOptions } from '@samgpu/onnx';
import type { WebGpuBackend, WebGpuBackendOptions } from '@samgpu/webgpu';
import { missingGpu } from '@samgpu/webgpu/availability';

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

/** Settings of the backends, each used where that one is. */
export interface BackendSettings {
  readonly onnx?: OnnxBackendOptions;
  readonly webgpu?: WebGpuBackendOptions;
}

/**
 * Makes the backend that was asked for.
 *
 * @throws SegmenterError `backend-unavailable`
 */
export async function chooseBackend(
  choice: BackendChoice,
  settings: BackendSettings = {},
): Promise<ChosenBackend> {
  switch (choice) {
    case 'webgpu':
      return webGpu(settings.webgpu, 'asked for');
    case 'onnx':
      return onnx(settings.onnx, 'asked for');
    default:
      return automatic(settings);
  }
}

async function automatic(settings: BackendSettings): Promise<ChosenBackend> {
  const { device, adapter } = settings.webgpu ?? {};
  const isGiven = device !== undefined || adapter !== undefined;
  const missing = isGiven ? undefined : missingGpu();
  if (missing !== undefined) {
    return onnx(settings.onnx, missing);
  }
  try {
    // What the caller brings along will do, whatever it is.
    return await webGpu({ software: isGiven, ...settings.webgpu }, 'a GPU is there');
  } catch (error) {
    if (error instanceof SegmenterError) {
      return onnx(settings.onnx, error.message);
    }
    throw error;
  }
}

async function webGpu(
  options: WebGpuBackendOptions | undefined,
  reason: string,
): Promise<ChosenBackend> {
  const backend = await openWebGpu(options);
  const { kind, description } = backend;
  return { backend, info: { kind, description, reason } };
}

/** @throws SegmenterError `backend-unavailable` */
export async function openWebGpu(
  options: WebGpuBackendOptions | undefined,
): Promise<WebGpuBackend> {
  // Kernels and compiler are loaded only where they run.
  const { createWebGpuBackend, WebGpuError } = await import('@samgpu/webgpu');
  try {
    return await createWebGpuBackend(options);
  } catch (cause) {
    if (cause instanceof WebGpuError) {
      throw new SegmenterError('backend-unavailable', `no WebGPU: ${cause.message}`, { cause });
    }
    throw cause;
  }
}

/** ONNX Runtime, where the GPU that was chosen first will not do after all. */
export function onnxInstead(
  options: OnnxBackendOptions | undefined,
  why: string,
): Promise<ChosenBackend> {
  return onnx(options, why);
}

async function onnx(options: OnnxBackendOptions | undefined, why: string): Promise<ChosenBackend> {
  // As with WebGPU: who runs on a GPU needs no writer of ONNX.
  const { createOnnxBackend } = await import('@samgpu/onnx');
  const backend = await createOnnxBackend(options);
  const { kind, description, runtime } = backend;
  const reason = `${why}; onnxruntime-${runtime}, because ${backend.reason}`;
  return { backend, info: { kind, description, reason } };
}
