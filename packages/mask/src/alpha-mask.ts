import type { Box } from './box.ts';
import type { Size } from './size.ts';

/** A mask with soft edges. */
export interface AlphaMask extends Size {
  /** The smallest box around all pixels above 0; all zeros where there are none. */
  readonly bounds: Box;
  /** 0 outside to 255 inside, row by row. */
  readonly alpha: Uint8Array; // [height, width]
}

/** The smallest box around all pixels above 0; all zeros where there are none. */
export function alphaBounds(alpha: Uint8Array, { width, height }: Size): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let first = 0;
    while (first < width && alpha[row + first] === 0) first += 1;
    if (first === width) continue;
    let last = width - 1;
    while (alpha[row + last] === 0) last -= 1;
    if (first < left) left = first;
    if (last > right) right = last;
    if (top > y) top = y;
    bottom = y;
  }
  if (right < 0) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
