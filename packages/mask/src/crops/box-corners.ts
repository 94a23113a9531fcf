import type { Box } from '../box.ts';

/** Top left and bottom right corner, as the official code describes boxes. */
export type BoxCorners = readonly [left: number, top: number, right: number, bottom: number];

/**
 * The outermost pixels of a box as `batched_mask_to_box` of segment-anything gives them: both
 * corners are pixels of the box, so a box one pixel wide has equal left and right. Zeros for an empty
 * box.
 */
export function pixelCorners({ x, y, width, height }: Box): BoxCorners {
  return width === 0 || height === 0 ? [0, 0, 0, 0] : [x, y, x + width - 1, y + height - 1];
}
