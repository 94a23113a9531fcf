import { MASK_COUNT_WORDS, type MaskCounts, maskRowWords, readMaskCounts } from '@samgpu/kernels';

import type { DeviceState } from '../runtime/device-state.ts';
import { WebGpuError } from '../webgpu-error.ts';
import { type DrawingCache, drawMask, type OverlayStyle, type OverlayTarget } from './draw-mask.ts';

/** A mask that was read back. */
export interface PackedMask {
  /** `[height, ceil(width / 32)]`: rows of 32 pixels per word, the leftmost in the lowest bit. */
  readonly bits: Uint32Array;
  readonly counts: MaskCounts;
}

/** Where the bits begin in the buffer of a mask, in bytes: what every device can bind from. */
export const MASK_BITS_OFFSET = 256;

/**
 * A mask of a whole photograph in the memory of a device, a bit per pixel. It owns its memory: it
 * outlives the image that it is of, though not the backend.
 */
export class DeviceMask {
  readonly width: number;
  readonly height: number;
  /** Bytes that it holds on its device. */
  readonly bytes: number;
  /** @internal The device that it is on. */
  readonly state: DeviceState;
  #memory: GPUBuffer | undefined;
  readonly #drawings: DrawingCache = new Map();

  /** @internal `DeviceImages.enlarge` makes them. */
  constructor(
    state: DeviceState,
    memory: GPUBuffer,
    size: { readonly width: number; readonly height: number },
  ) {
    this.state = state;
    this.#memory = memory;
    this.width = size.width;
    this.height = size.height;
    this.bytes = maskBytes(size);
  }

  /**
   * For those who draw it themselves: a buffer with the usages `STORAGE` and `COPY_SRC`. From byte
   * 256 on it has a bit per pixel, rows of `rowWords` words, the leftmost pixel in the lowest bit. It
   * belongs to this mask and is not to be written to.
   *
   * @throws WebGpuError `disposed` or `device-lost`
   */
  get buffer(): GPUBuffer {
    if (this.#memory === undefined || this.state.isClosed) {
      throw new WebGpuError(
        'disposed',
        'a mask on the GPU was used after it, or the segmenter that made it, was disposed of; read ' +
          'it before that to keep it',
      );
    }
    this.state.expectLive();
    return this.#memory;
  }

  /** 32-bit words from one row to the next. */
  get rowWords(): number {
    return maskRowWords(this.width);
  }

  /**
   * Copies it to JavaScript.
   *
   * @throws WebGpuError `disposed` or `device-lost`
   */
  async read(): Promise<PackedMask> {
    const bytes = await this.state.read(this.buffer, this.bytes);
    const bits = new Uint32Array(bytes, MASK_BITS_OFFSET);
    return { bits, counts: this.#countsIn(bytes) };
  }

  /**
   * Area, bounds and what stability is computed from, without the pixels.
   *
   * @throws WebGpuError `disposed` or `device-lost`
   */
  async readCounts(): Promise<MaskCounts> {
    return this.#countsIn(await this.state.read(this.buffer, MASK_COUNT_WORDS * 4));
  }

  /**
   * Records a render pass that lays it over what the target shows. Nothing is read back. The first
   * call for a format compiles a shader.
   *
   * @param encoder - of the same device; submit it before the mask is disposed of
   * @throws WebGpuError `disposed` or `device-lost`
   */
  draw(encoder: GPUCommandEncoder, target: OverlayTarget, style: OverlayStyle): void {
    const bits = { buffer: this.buffer, offset: MASK_BITS_OFFSET };
    drawMask(this.state, { ...this.#size, bits }, encoder, target, style, this.#drawings);
  }

  /** Frees it. Doing so twice is harmless. */
  dispose(): void {
    if (this.#memory !== undefined) {
      this.state.results.giveBack(this.#memory);
      this.#drawings.forEach(({ parameters }) => parameters.destroy());
      this.#drawings.clear();
      this.#memory = undefined;
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get #size(): { readonly width: number; readonly height: number } {
    return { width: this.width, height: this.height };
  }

  #countsIn(bytes: ArrayBuffer): MaskCounts {
    return readMaskCounts(new Uint32Array(bytes, 0, MASK_COUNT_WORDS), 0, this.#size);
  }
}

/** Counts, then bits. */
export function maskBytes({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}): number {
  return MASK_BITS_OFFSET + height * maskRowWords(width) * 4;
}
