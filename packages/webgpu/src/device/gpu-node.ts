import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { messageOf, WebGpuError } from '../webgpu-error.ts';
import type { GpuHost } from './gpu-host.ts';

/** What we use of the npm package `webgpu`, which is Dawn. */
interface DawnModule {
  create(options: string[]): GPU;
}

/**
 * Features that Dawn hides: subgroup matrices behind `allow_unsafe_apis` and Vulkan's memory model,
 * f16 on NVIDIA's Vulkan driver. Timestamps are rounded to 65 microseconds by default.
 *
 * Clamping every index and clearing workgroup memory guards pages against shaders that they do not
 * know. The shaders here are ours: each checks its own bounds and writes before it reads. ONNX
 * Runtime leaves the clamping out as well.
 */
const TOGGLES: readonly string[] = [
  'enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia,use_vulkan_memory_model,' +
    'disable_robustness,disable_workgroup_init',
  'disable-dawn-features=timestamp_quantization',
];

/** Where Linux has GPUs: its own drivers, NVIDIA's, and Windows' behind WSL. */
const LINUX_DEVICES: readonly string[] = ['/dev/dri', '/dev/nvidia0', '/dev/dxg'];

const require = createRequire(import.meta.url);

export const host: GpuHost = {
  async open(toggles = TOGGLES) {
    const own = ownGpu();
    if (own !== undefined) {
      return own;
    }
    const path = dawnPath();
    if (path instanceof WebGpuError) {
      throw path;
    }
    try {
      const dawn = (await import(pathToFileURL(path).href)) as DawnModule;
      return dawn.create([...toggles]);
    } catch (cause) {
      throw new WebGpuError('no-webgpu', `the package webgpu cannot be used: ${messageOf(cause)}`, {
        cause,
      });
    }
  },
  missingGpu() {
    if (process.platform === 'linux' && !LINUX_DEVICES.some((path) => existsSync(path))) {
      const message = `this machine has no GPU (none of ${LINUX_DEVICES.join(', ')})`;
      return new WebGpuError('no-adapter', message);
    }
    const path = ownGpu() === undefined ? dawnPath() : undefined;
    return path instanceof WebGpuError ? path : undefined;
  },
};

/** Deno and others bring WebGPU along. */
function ownGpu(): GPU | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;
}

function dawnPath(): string | WebGpuError {
  try {
    // Optional: looked up by a name that neither compiler nor bundler follows.
    return require.resolve('webgpu');
  } catch (cause) {
    const message = 'the package webgpu is not installed: npm install webgpu';
    return new WebGpuError('no-webgpu', message, { cause });
  }
}
