import type { DeviceValue } from '@samgpu/graph';
import { type MadePixels, unpackRows, upsamplingTaps } from '@samgpu/mask';
import type { Variant } from '@samgpu/variant';
import type {
  DeviceMask,
  MaskEnlargement,
  PackedMask,
  WebGpuBackend,
  WebGpuValue,
} from '@samgpu/webgpu';

import type { Frame } from '../preprocess/index.ts';
import { upsamplingPath } from './previous-mask.ts';

/** Most bytes of masks that are on the device at once, on their way to JavaScript. */
const BYTES_IN_FLIGHT = 2 ** 26;

/** Enlarges the masks of one image on the device. */
export class MaskEnlarger {
  readonly #images: WebGpuBackend['images'];
  readonly #how: MaskEnlargement;

  constructor({ images }: WebGpuBackend, variant: Variant, frame: Frame) {
    const { logitSize, threshold, inclusive, stabilityOffset } = variant.masks;
    const { original } = frame;
    const logits = { width: logitSize, height: logitSize };
    const taps = upsamplingTaps(logits, original, upsamplingPath(variant, frame));
    this.#images = images;
    this.#how = {
      logitWidth: logitSize,
      logitHeight: logitSize,
      width: original.width,
      height: original.height,
      columns: taps.horizontal,
      rows: taps.vertical,
      threshold,
      inclusive,
      stabilityOffset,
    };
  }

  /** Whether the device has room for masks of this size. */
  async fits(): Promise<boolean> {
    return this.#images.canEnlarge(this.#how);
  }

  /**
   * Enlarges some masks of every prompt and leaves them on the device.
   *
   * @param logits - `[prompts or more, masks, logitSize, logitSize]`, of the same device
   * @returns for each prompt its masks, in the order of `masks`
   */
  async enlarge(
    logits: DeviceValue,
    prompts: number,
    masks: readonly number[],
  ): Promise<DeviceMask[][]> {
    const perPrompt = logits.shape[1]!;
    const indices = Array.from({ length: prompts }, (_, row) =>
      masks.map((mask) => row * perPrompt + mask),
    );
    const made = await this.#images.enlarge(logits as WebGpuValue, indices.flat(), this.#how);
    return indices.map((_, row) => made.slice(row * masks.length, (row + 1) * masks.length));
  }

  /**
   * Enlarges some masks of every prompt and reads them back, a bit per pixel.
   *
   * @returns for each prompt its masks by their place in `logits`
   */
  async read(
    logits: DeviceValue,
    prompts: number,
    masks: readonly number[],
  ): Promise<Map<number, MadePixels>[]> {
    const { width, height } = this.#how;
    const perPrompt = logits.shape[1]!;
    const indices = Array.from({ length: prompts * masks.length }, (_, index) => {
      const row = Math.floor(index / masks.length);
      return row * perPrompt + masks[index % masks.length]!;
    });
    const atOnce = Math.max(1, Math.floor(BYTES_IN_FLIGHT / ((width * height) / 8)));
    const results = Array.from({ length: prompts }, () => new Map<number, MadePixels>());
    for (let start = 0; start < indices.length; start += atOnce) {
      const part = indices.slice(start, start + atOnce);
      const made = await this.#images.enlarge(logits as WebGpuValue, part, this.#how);
      try {
        const read = await Promise.all(made.map((mask) => mask.read()));
        read.forEach((packed, at) => {
          const index = part[at]!;
          const pixels = madePixels(packed, this.#how);
          results[Math.floor(index / perPrompt)]!.set(index % perPrompt, pixels);
        });
      } finally {
        made.forEach((mask) => mask.dispose());
      }
    }
    return results;
  }
}

/** What a mask takes from a device: the pixels stay packed until they are asked for. */
export function madePixels(
  { bits, counts }: PackedMask,
  { width, height }: { readonly width: number; readonly height: number },
): MadePixels {
  const { area, bounds } = counts;
  return { area, bounds, bitmap: () => unpackRows(bits, width, height) };
}
