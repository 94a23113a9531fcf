import { type DataType, type DeviceValue, elementCount, type HostValue } from '@samgpu/graph';

import { WebGpuError } from '../webgpu-error.ts';
import type { DeviceState } from './device-state.ts';

/** A result of a program, in the memory of its device. It never changes. */
export class WebGpuValue implements DeviceValue {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly bytes: number;
  /** @internal The device that it is on. */
  readonly state: DeviceState;
  private memory: GPUBuffer | undefined;

  /** @internal Programs make them. */
  constructor(state: DeviceState, memory: GPUBuffer, shape: readonly number[], dtype: DataType) {
    this.state = state;
    this.memory = memory;
    this.shape = shape;
    this.dtype = dtype;
    this.bytes = 4 * elementCount(shape);
  }

  /**
   * The elements, dense and row-major from the start on, for those who draw on the same device. It
   * has the usages `STORAGE`, `COPY_SRC` and `COPY_DST`, belongs to this value, and is not to be
   * written to.
   *
   * @throws WebGpuError `disposed`
   */
  get buffer(): GPUBuffer {
    if (this.memory === undefined) {
      throw new WebGpuError(
        'disposed',
        'a value was used after it was disposed of; dispose of it after its last use',
      );
    }
    return this.memory;
  }

  /** @throws WebGpuError `disposed` or `device-lost` */
  async read(): Promise<HostValue> {
    const bytes = await this.state.read(this.buffer, this.bytes);
    const data = this.dtype === 'i32' ? new Int32Array(bytes) : new Float32Array(bytes);
    return { shape: this.shape, data };
  }

  dispose(): void {
    if (this.memory !== undefined) {
      this.state.results.giveBack(this.memory);
      this.memory = undefined;
    }
  }
}
