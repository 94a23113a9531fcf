import { bitmapBounds, type Bitmap } from './bitmap.ts';
import type { Box } from './box.ts';

/** The part of a picture in which something can change, so that small objects cost little. */
export interface MaskWindow extends Bitmap {
  /** Where it lies in the picture. */
  readonly box: Box;
}

/**
 * The surroundings of a mask, cut off at the borders of the picture; undefined for an empty mask.
 *
 * @param margin - whole pixels around its bounds
 */
export function windowAround(mask: Bitmap, margin: number): MaskWindow | undefined {
  const bounds = bitmapBounds(mask);
  if (bounds.width === 0) return undefined;
  const left = Math.max(0, bounds.x - margin);
  const top = Math.max(0, bounds.y - margin);
  const width = Math.min(mask.width, bounds.x + bounds.width + margin) - left;
  const height = Math.min(mask.height, bounds.y + bounds.height + margin) - top;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * mask.width + left;
    data.set(mask.data.subarray(from, from + width), y * width);
  }
  return { width, height, data, box: { x: left, y: top, width, height } };
}

/** Bytes of a picture of which only a window is not 0. */
export function pictureOf(
  data: Uint8Array, // [box.height, box.width]
  box: Box,
  picture: { readonly width: number; readonly height: number },
): Uint8Array {
  const result = new Uint8Array(picture.width * picture.height);
  for (let y = 0; y < box.height; y++) {
    const row = data.subarray(y * box.width, (y + 1) * box.width);
    result.set(row, (box.y + y) * picture.width + box.x);
  }
  return result;
}
