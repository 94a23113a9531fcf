import type { Box } from '../box.ts';
import type { Size } from '../size.ts';
import type { BoxCorners } from './box-corners.ts';

/**
 * Whether an object in a crop seems to be cut off by it: an edge of its box lies within 20 pixels of
 * the same edge of the crop, and that is not an edge of the picture, too (`is_box_near_crop_edge` of
 * segment-anything).
 *
 * @param box - in pixels of the crop
 * @param crop - in pixels of the picture
 * @param distance - in pixels. Default 20
 */
export function isNearCropEdge(
  box: BoxCorners,
  crop: Box,
  image: Size,
  distance: number = 20,
): boolean {
  const cropEdges = [crop.x, crop.y, crop.x + crop.width, crop.y + crop.height];
  const imageEdges = [0, 0, image.width, image.height];
  const uncropped = uncropBox(box, crop);
  return uncropped.some((position, edge) => {
    // The official code compares in float32.
    const at = Math.fround(position);
    const isNear = (other: number): boolean =>
      Math.abs(Math.fround(at - Math.fround(other))) <= distance;
    return isNear(cropEdges[edge]!) && !isNear(imageEdges[edge]!);
  });
}

/** A box in pixels of a crop, in pixels of the picture. */
export function uncropBox([left, top, right, bottom]: BoxCorners, { x, y }: Box): BoxCorners {
  return [left + x, top + y, right + x, bottom + y];
}

/** A point in pixels of a crop, in pixels of the picture. */
export function uncropPoint(
  point: { readonly x: number; readonly y: number },
  { x, y }: Box,
): { x: number; y: number } {
  return { x: point.x + x, y: point.y + y };
}
