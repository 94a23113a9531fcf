import { type DeviceValue, disposeValues, type HostValue } from '@samgpu/graph';
import { type Mask, type OverlayOptions, overlayStyle } from '@samgpu/mask';
import type { DeviceMask, OverlayStyle, OverlayTarget } from '@samgpu/webgpu';

import { madePixels } from './device-masks.ts';
import { type MaskContext, maskOf } from './masks-of.ts';

/** How a mask on the GPU is shown. */
export interface GpuOverlayOptions extends OverlayOptions, Pick<OverlayStyle, 'area'> {}

/** What a decoder gave for a call, kept until the last of its masks is disposed of. */
export class SharedOutputs {
  readonly #values: Readonly<Record<string, DeviceValue>>;
  #holders = 0;
  #reading: Promise<{ logits: HostValue; scores: HostValue }> | undefined;

  /** @param values - `logits` and `scores`; they belong to this from now on */
  constructor(values: Readonly<Record<string, DeviceValue>>) {
    this.#values = values;
  }

  hold(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) {
      disposeValues(this.#values);
    }
  }

  /** Read once for all masks. */
  read(): Promise<{ logits: HostValue; scores: HostValue }> {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  async #read(): Promise<{ logits: HostValue; scores: HostValue }> {
    const { logits, scores } = this.#values;
    const [one, other] = await Promise.all([logits!.read(), scores!.read()]);
    return { logits: one, scores: other };
  }
}

/** @internal */
export interface GpuMaskParts {
  readonly context: MaskContext;
  readonly mask: DeviceMask;
  readonly outputs: SharedOutputs;
  /** Of the prompt, in the outputs. */
  readonly row: number;
  /** Of the mask and its score, among those of the prompt. */
  readonly index: number;
  readonly scoreIndex: number;
}

/**
 * A mask in the memory of the GPU, at the size of the image, for those who draw it there.
 *
 * It owns its memory: it outlives its image, but not the segmenter, and wants to be disposed of.
 * `read` makes an ordinary mask of it, which needs nothing of the GPU any more.
 */
export class GpuMask {
  readonly width: number;
  readonly height: number;
  readonly #parts: GpuMaskParts;
  #disposed = false;

  /** @internal Use `segment` with the option `output: 'gpu'`. */
  constructor(parts: GpuMaskParts) {
    this.#parts = parts;
    this.width = parts.mask.width;
    this.height = parts.mask.height;
    parts.outputs.hold();
  }

  /**
   * The memory, for shaders of your own: from byte 256 on a bit per pixel, rows of `rowWords` 32-bit
   * words, the leftmost pixel in the lowest bit. Usages `STORAGE` and `COPY_SRC`. Not to be written to.
   *
   * @throws WebGpuError `disposed` or `device-lost`
   */
  get buffer(): GPUBuffer {
    return this.#parts.mask.buffer;
  }

  /** 32-bit words from one row of the mask to the next. */
  get rowWords(): number {
    return this.#parts.mask.rowWords;
  }

  /**
   * Records a render pass that lays the mask over what a texture of the same device shows, in the
   * look of `Mask.overlay`. Nothing is read back. The first call for a format compiles a shader.
   *
   * @param encoder - submit it before this is disposed of
   * @param target - with the usage `RENDER_ATTACHMENT`
   * @throws MaskError `invalid-option`
   * @throws WebGpuError `disposed` or `device-lost`
   */
  drawOverlay(
    encoder: GPUCommandEncoder,
    target: OverlayTarget,
    { area, ...look }: GpuOverlayOptions = {},
  ): void {
    this.#parts.mask.draw(encoder, target, { ...overlayStyle(look), ...(area && { area }) });
  }

  /**
   * Number of pixels inside and the box around them, without the pixels.
   *
   * @throws WebGpuError `disposed` or `device-lost`
   */
  async readExtent(): Promise<Pick<Mask, 'area' | 'bounds'>> {
    const { area, bounds } = await this.#parts.mask.readCounts();
    return { area, bounds };
  }

  /**
   * The mask in the memory of JavaScript.
   *
   * @throws WebGpuError `disposed` or `device-lost`
   */
  async read(): Promise<Mask> {
    const { context, mask, outputs, row, index, scoreIndex } = this.#parts;
    const [packed, { logits, scores }] = await Promise.all([mask.read(), outputs.read()]);
    const score = rowOf(scores, row)[scoreIndex]!;
    const data = rowOf(logits, row) as Float32Array;
    return maskOf(context, index, score, data, madePixels(packed, mask));
  }

  /** Frees it. Doing so twice is harmless. */
  dispose(): void {
    if (!this.#disposed) {
      this.#disposed = true;
      this.#parts.mask.dispose();
      this.#parts.outputs.release();
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** The part of a batch that belongs to one prompt; not a copy. */
function rowOf({ shape, data }: HostValue, row: number): HostValue['data'] {
  const length = data.length / (shape[0] ?? 1);
  return data.subarray(row * length, (row + 1) * length);
}
