import type { MatteRun, MatteTask, MatteTile } from '@samgpu/matte';

import type { DeviceState } from '../runtime/device-state.ts';
import { solveTiles } from './solve-tiles.ts';

/** A matte whose colours are separated, and whose tiles come one batch after the other. */
export class GpuMatteRun implements MatteRun {
  readonly capacity: number;
  readonly #state: DeviceState;
  readonly #task: MatteTask;
  readonly #lines: GPUBuffer;

  /** @param lines - of the cells; they belong to it */
  constructor(state: DeviceState, task: MatteTask, lines: GPUBuffer, capacity: number) {
    this.#state = state;
    this.#task = task;
    this.#lines = lines;
    this.capacity = capacity;
  }

  async solve(tiles: readonly MatteTile[], pixels: Uint32Array<ArrayBuffer>): Promise<Uint8Array> {
    const state = this.#state;
    state.expectLive();
    const work = { tiles, pixels, lines: this.#lines, capacity: this.capacity };
    const { levels, bytes } = await solveTiles(state, this.#task, work);
    try {
      return new Uint8Array(await state.read(levels, bytes));
    } finally {
      state.results.giveBack(levels);
    }
  }

  dispose(): void {
    this.#state.results.giveBack(this.#lines);
  }
}
