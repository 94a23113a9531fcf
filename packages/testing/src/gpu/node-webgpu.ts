import { existsSync } from 'node:fs';

interface NodeWebgpu {
  readonly create: (options: readonly string[]) => GPU;
  readonly globals: object;
}

const softwareVulkan = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Dawn for Node, the npm package `webgpu`.
 *
 * Where no Vulkan driver is chosen by `VK_DRIVER_FILES` it takes Chromium's software one, so that
 * a test gives the same results however it was started. Node does not exit while the result is
 * referenced.
 *
 * @param toggles as the package takes them, for example `enable-dawn-features=allow_unsafe_apis`
 * @throws if the package is not installed, or does not load on this machine
 */
export async function createNodeGpu(toggles: readonly string[]): Promise<GPU> {
  const { env } = process;
  const choosesDriver =
    env['VK_DRIVER_FILES'] !== undefined || env['VK_ICD_FILENAMES'] !== undefined;
  if (!choosesDriver && existsSync(softwareVulkan)) {
    env['VK_DRIVER_FILES'] = softwareVulkan;
    env['VK_ICD_FILENAMES'] = softwareVulkan;
  }
  // Not a literal: its own declarations would bring `@webgpu/types`, which contradict those of the
  // compiler's library.
  const packageName: string = 'webgpu';
  const { create, globals } = (await import(/* @vite-ignore */ packageName)) as NodeWebgpu;
  Object.assign(globalThis, globals);
  return create(toggles);
}
