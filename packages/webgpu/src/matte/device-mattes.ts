import type { MatteDevice, MatteRun, MatteTask } from '@samgpu/matte';

import type { ProgramOwner } from '../runtime/webgpu-program.ts';

/**
 * Mattes on a GPU: `device` of the options of `matte`.
 *
 * What `start` and its runs throw is a `WebGpuError`: `device-lost`, `out-of-memory` or `disposed`.
 */
export type DeviceMattes = MatteDevice;

export class GpuMattes implements DeviceMattes {
  readonly #owner: ProgramOwner;

  constructor(owner: ProgramOwner) {
    this.#owner = owner;
  }

  async start(task: MatteTask): Promise<MatteRun | undefined> {
    // Shaders that a page loads when its first edges are refined.
    const { startMatte } = await import('./start-matte.ts');
    return startMatte(await this.#owner.liveState(), task);
  }
}
