import type { DeviceState } from '../runtime/device-state.ts';
import { WebGpuError } from '../webgpu-error.ts';
import type { RowRange } from './cut-rows.ts';

/** Some rows of a photograph in a buffer of their own. */
export interface ImageStrip extends RowRange {
  readonly buffer: GPUBuffer;
}

/** A photograph in the memory of a device: RGBA bytes with straight alpha. It never changes. */
export class DeviceImage {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** @internal The device that it is on. */
  readonly state: DeviceState;
  #strips: readonly ImageStrip[] | undefined;

  /** @internal `DeviceImages` makes them. */
  constructor(
    state: DeviceState,
    size: { readonly width: number; readonly height: number },
    strips: readonly ImageStrip[],
  ) {
    this.state = state;
    this.width = size.width;
    this.height = size.height;
    this.bytes = size.width * size.height * 4;
    this.#strips = strips;
  }

  /** Whether it went with its device. */
  get isLost(): boolean {
    return this.state.isLost;
  }

  /**
   * As many as it takes for each to be bound.
   *
   * @throws WebGpuError `disposed`
   */
  get strips(): readonly ImageStrip[] {
    if (this.#strips === undefined) {
      throw new WebGpuError(
        'disposed',
        'an image was used after it was disposed of; dispose of it after its last use',
      );
    }
    return this.#strips;
  }

  /**
   * Copies the pixels to JavaScript, `[height, width, 4]`.
   *
   * @throws WebGpuError `disposed` or `device-lost`
   */
  async read(): Promise<Uint8Array> {
    const rowBytes = this.width * 4;
    if (this.strips.length === 1) {
      return new Uint8Array(await this.state.read(this.strips[0]!.buffer, this.bytes));
    }
    const pixels = new Uint8Array(this.bytes);
    // One after the other, so that only one is held twice.
    for (const { buffer, firstRow, rows } of this.strips) {
      pixels.set(
        new Uint8Array(await this.state.read(buffer, rows * rowBytes)),
        firstRow * rowBytes,
      );
    }
    return pixels;
  }

  /** Frees it. Doing so twice is harmless. */
  dispose(): void {
    this.#strips?.forEach(({ buffer }) => this.state.results.giveBack(buffer));
    this.#strips = undefined;
  }
}
