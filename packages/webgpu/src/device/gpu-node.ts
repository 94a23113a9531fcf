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
 */
const TOGGLES: readonly string[] = [
  'enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia,use_vulkan_memory_model',
  'disable-dawn-features=timestamp_quantization',
];

/** Where Linux has GPUs: its own drivers, NVIDIA's, and Windows' behind WSL. */
const LINUX_DEVICES: readonly string[] = ['/dev/dri', '/dev/nvidia0', '/dev/dxg'];

export const host: GpuHost = {
  async open(toggles = TOGGLES) {
    // Deno and others bring their own.
    const own = (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;
    if (own !== undefined) {
      return own;
    }
    let path: string;
    try {
      // Optional: looked up by a name that neither compiler nor bundler follows.
      path = createRequire(import.meta.url).resolve('webgpu');
    } catch (cause) {
      throw new WebGpuError(
        'no-webgpu',
        'the package webgpu is not installed: npm install webgpu',
        {
          cause,
        },
      );
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
    return process.platform !== 'linux' || LINUX_DEVICES.some((path) => existsSync(path))
      ? undefined
      : `this machine has no GPU (none of ${LINUX_DEVICES.join(', ')})`;
  },
};
