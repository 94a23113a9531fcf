import { withErrorScopes } from '../device/error-scopes.ts';
import type { DeviceState } from '../runtime/device-state.ts';

/**
 * Buffers of a piece of work. They go back to be used again once the device has had nothing to say
 * about them: one that could not be made must not.
 */
export class ScratchMemory {
  readonly state: DeviceState;
  readonly #temporary: GPUBuffer[] = [];
  readonly #results: GPUBuffer[] = [];

  private constructor(state: DeviceState) {
    this.state = state;
  }

  /**
   * Does work that waits for nothing.
   *
   * @param bytes - that it takes, for the message where there is no room
   * @throws WebGpuError `out-of-memory` or `validation`
   */
  static async during<T>(
    state: DeviceState,
    what: string,
    bytes: number,
    work: (memory: ScratchMemory) => T,
  ): Promise<T> {
    const memory = new ScratchMemory(state);
    const { results: pool } = state;
    try {
      const made = await withErrorScopes(state.device, what, bytes, () => work(memory));
      memory.#temporary.forEach((buffer) => pool.giveBack(buffer));
      return made;
    } catch (error) {
      [...memory.#temporary, ...memory.#results].forEach((buffer) => pool.discard(buffer));
      throw error;
    }
  }

  /** Memory that only this work needs. */
  take(bytes: number, label: string): GPUBuffer {
    const buffer = this.state.results.take(bytes, label);
    this.#temporary.push(buffer);
    return buffer;
  }

  /** A table that only this work needs. */
  table(data: ArrayBufferView<ArrayBuffer>, label: string): GPUBuffer {
    const buffer = this.take(data.byteLength, label);
    this.state.device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  /** Memory that stays, if the work succeeds, for the caller to give back. */
  takeResult(bytes: number, label: string): GPUBuffer {
    const buffer = this.state.results.take(bytes, label);
    this.#results.push(buffer);
    return buffer;
  }
}
