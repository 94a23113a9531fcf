// Adam7 (PNG specification, section 8): seven pictures of every so manieth pixel, one after another.

import type { Size } from '@samgpu/mask';

/** One of the seven pictures: which pixels of the whole it holds. */
export interface InterlacedPass extends Size {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
}

const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Those that have pixels. */
export function interlacedPasses({ width, height }: Size): InterlacedPass[] {
  return passes
    .map(([left, top, stepX, stepY]) => ({
      left,
      top,
      stepX,
      stepY,
      width: Math.ceil(Math.max(0, width - left) / stepX),
      height: Math.ceil(Math.max(0, height - top) / stepY),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Puts one row of a pass where its pixels belong. */
export function scatterPass(
  row: Uint16Array,
  { left, top, stepX, stepY, width: count }: InterlacedPass,
  y: number,
  { width, channels }: { readonly width: number; readonly channels: number },
  samples: Uint8Array | Uint16Array,
): void {
  const start = (top + y * stepY) * width + left;
  for (let x = 0; x < count; x++) {
    for (let channel = 0; channel < channels; channel++) {
      samples[(start + x * stepX) * channels + channel] = row[x * channels + channel]!;
    }
  }
}
