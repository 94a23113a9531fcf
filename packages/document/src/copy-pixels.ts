import type { Box } from '@samgpu/mask';

import { intersectBoxes } from './boxes.ts';

/**
 * Copies the pixels that two parts of a picture have in common.
 *
 * @param from - `[fromBox.height, fromBox.width, channels]`
 * @param into - `[intoBox.height, intoBox.width, channels]`; pixels beside what is copied stay
 */
export function copyPixels<Pixels extends Uint8Array | Uint8ClampedArray>(
  from: Uint8Array | Uint8ClampedArray | Uint16Array,
  fromBox: Box,
  into: Pixels,
  intoBox: Box,
  channels = 1,
): Pixels {
  const { x, y: top, width, height } = intersectBoxes(fromBox, intoBox);
  if (width === 0) return into;
  for (let y = top; y < top + height; y++) {
    const start = ((y - fromBox.y) * fromBox.width + x - fromBox.x) * channels;
    const to = ((y - intoBox.y) * intoBox.width + x - intoBox.x) * channels;
    into.set(from.subarray(start, start + width * channels), to);
  }
  return into;
}
