import { maskRowWords } from '@samgpu/kernels';

import { BUFFER_USAGE } from '../device/gpu-constants.ts';

/** A mask that came from the memory of JavaScript, a bit per pixel on the device. */
export class UploadedMask {
  readonly width: number;
  readonly height: number;
  readonly buffer: GPUBuffer;
  readonly offset = 0;

  /** @param mask - one byte per pixel, `[height, width]`: 1 inside, 0 outside; copied */
  constructor(
    device: GPUDevice,
    mask: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  ) {
    const { width, height } = mask;
    this.width = width;
    this.height = height;
    const words = packRows(mask);
    this.buffer = device.createBuffer({
      label: 'uploaded mask',
      size: words.byteLength,
      usage: BUFFER_USAGE.storage | BUFFER_USAGE.copyDestination,
    });
    device.queue.writeBuffer(this.buffer, 0, words);
  }

  /** Frees it. Doing so twice is harmless. */
  dispose(): void {
    this.buffer.destroy();
  }
}

/** Rows that begin with a word each, the leftmost pixel in the lowest bit. */
function packRows({
  width,
  height,
  data,
}: {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}): Uint32Array<ArrayBuffer> {
  const perRow = maskRowWords(width);
  const words = new Uint32Array(perRow * height);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let word = 0; word < perRow; word++) {
      const from = start + word * 32;
      const count = Math.min(32, width - word * 32);
      let bits = 0;
      for (let bit = 0; bit < count; bit++) bits |= data[from + bit]! << bit;
      words[y * perRow + word] = bits;
    }
  }
  return words;
}
