import type { Box } from '@samgpu/mask';

import { intersectBoxes } from './boxes.ts';
import type { ObjectPixels } from './object-pixels.ts';

/**
 * Lays objects over what `pixels` shows, from the bottom to the top, each with its opacity (Porter and
 * Duff's "over", straight alpha).
 *
 * @param area - the part of the picture that `pixels` is
 */
export function drawObjects(
  pixels: Uint8ClampedArray,
  area: Box,
  objects: readonly ObjectPixels[],
): void {
  for (const object of objects) {
    const box = intersectBoxes(object.box, area);
    if (box.width === 0 || box.height === 0) continue;
    const colors = object.colorsIn(box);
    const alpha = object.alphaIn(box);
    for (let y = 0; y < box.height; y++) {
      const row = (box.y - area.y + y) * area.width + box.x - area.x;
      for (let x = 0; x < box.width; x++) {
        const i = y * box.width + x;
        if (alpha[i] === 0) continue;
        const share = (alpha[i]! * colors[4 * i + 3]! * object.opacity) / (255 * 255);
        layOver(pixels, (row + x) * 4, colors, 4 * i, share);
      }
    }
  }
}

function layOver(
  below: Uint8ClampedArray,
  at: number,
  above: Uint8ClampedArray,
  from: number,
  alpha: number,
): void {
  const under = below[at + 3]! / 255;
  if (alpha <= 0) return;
  if (alpha >= 1 || under === 0) {
    below[at] = above[from]!;
    below[at + 1] = above[from + 1]!;
    below[at + 2] = above[from + 2]!;
    below[at + 3] = alpha * 255;
    return;
  }
  const whole = alpha + under * (1 - alpha);
  const share = alpha / whole;
  below[at]! += (above[from]! - below[at]!) * share;
  below[at + 1]! += (above[from + 1]! - below[at + 1]!) * share;
  below[at + 2]! += (above[from + 2]! - below[at + 2]!) * share;
  below[at + 3] = whole * 255;
}
