// Colours for where a picture is to be taken away: "pull-push" (Gortler et al., The Lumigraph, 1996).
// Weighted averages of ever larger areas, from which what is missing is filled in, smoothly.

import type { Size } from '@samgpu/mask';

interface Level extends Size {
  readonly sums: Float32Array; // [height, width, 4]: colour times weight, weight
}

/** Colours that go on smoothly where there are none. */
export class CoarseFill {
  readonly #level: Level;

  /** @param sums - `[height, width, 4]`: colours times weight, then the weight, 0 to 1; changed */
  constructor(sums: Float32Array, size: Size) {
    this.#level = { sums, ...size };
    fill(this.#level);
  }

  /**
   * @param x - 0 to 1 across the picture
   * @param y - 0 to 1 down the picture
   */
  colorAt(x: number, y: number, color: Float32Array): void {
    const { sums, width, height } = this.#level;
    const [column, row] = [x * width - 0.5, y * height - 0.5];
    const [left, top] = [Math.floor(column), Math.floor(row)];
    color.fill(0);
    for (let corner = 0; corner < 4; corner++) {
      const [dx, dy] = [corner & 1, corner >> 1];
      const weight = Math.abs(1 - dx - (column - left)) * Math.abs(1 - dy - (row - top));
      const atX = Math.min(width - 1, Math.max(0, left + dx));
      const atY = Math.min(height - 1, Math.max(0, top + dy));
      for (let channel = 0; channel < 3; channel++) {
        color[channel]! += sums[(atY * width + atX) * 4 + channel]! * weight;
      }
    }
  }
}

/** Leaves colours with the weight 1 everywhere. */
function fill(level: Level): void {
  const { sums, width, height } = level;
  if (width === 1 && height === 1) {
    const weight = sums[3]!;
    for (let channel = 0; channel < 3; channel++) {
      sums[channel] = weight > 0 ? sums[channel]! / weight : 128;
    }
    sums[3] = 1;
    return;
  }
  const coarse = halved(level);
  fill(coarse);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const missing = 1 - Math.min(1, sums[at + 3]!);
      const from = ((y >> 1) * coarse.width + (x >> 1)) * 4;
      for (let channel = 0; channel < 3; channel++) {
        sums[at + channel]! += coarse.sums[from + channel]! * missing;
      }
      sums[at + 3] = 1;
    }
  }
}

function halved({ sums, width, height }: Level): Level {
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const result = new Float32Array(half.width * half.height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const to = ((y >> 1) * half.width + (x >> 1)) * 4;
      for (let channel = 0; channel < 4; channel++) result[to + channel]! += sums[at + channel]!;
    }
  }
  // Weights above 1 count as whole: one good quarter is enough.
  for (let at = 0; at < result.length; at += 4) {
    const excess = Math.max(1, result[at + 3]!);
    for (let channel = 0; channel < 4; channel++) result[at + channel]! /= excess;
  }
  return { sums: result, ...half };
}
