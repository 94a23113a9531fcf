import { WebGpuError } from '../webgpu-error.ts';
import type { GpuHost } from './gpu-host.ts';

export const host: GpuHost = {
  async open() {
    const gpu = entryPoint();
    if (gpu === undefined) {
      throw missing();
    }
    return gpu;
  },
  missingGpu: () => (entryPoint() === undefined ? missing() : undefined),
};

/** In pages and in workers. */
function entryPoint(): GPU | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;
}

function missing(): WebGpuError {
  return new WebGpuError(
    'no-webgpu',
    globalThis.isSecureContext
      ? 'this browser has no WebGPU; it needs Chrome 113, Safari 26, Firefox 141 or newer'
      : 'WebGPU needs a secure page; serve it from https or localhost',
  );
}
