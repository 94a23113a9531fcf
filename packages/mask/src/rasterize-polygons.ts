import { createBitmap, type Bitmap } from './bitmap.ts';
import type { Polygon, Ring } from './trace-polygons.ts';

/**
 * Fills polygons: a pixel is inside when a ray from its centre crosses an odd number of ring edges
 * (even-odd rule over all rings, so overlapping polygons cancel out). Parts beside the image are
 * cut off.
 *
 * @throws MaskError `invalid-size`
 */
export function rasterizePolygons(
  polygons: readonly Polygon[],
  width: number,
  height: number,
): Bitmap {
  const bitmap = createBitmap(width, height);
  for (const { outer, holes } of polygons) {
    markCrossings(bitmap, outer);
    for (const hole of holes) markCrossings(bitmap, hole);
  }
  const { data } = bitmap;
  for (let row = 0; row < data.length; row += width) {
    for (let i = row + 1; i < row + width; i++) data[i]! ^= data[i - 1]!;
  }
  return bitmap;
}

/** Flips, in each row that an edge crosses, the first pixel whose centre is not left of the edge. */
function markCrossings({ width, height, data }: Bitmap, ring: Ring): void {
  for (let i = 0; i < ring.length; i++) {
    const [x0, y0] = ring[i]!;
    const [x1, y1] = ring[(i + 1) % ring.length]!;
    if (y0 === y1) continue;
    // Rows whose centre lies in the half-open range of the edge, so that a vertex counts once.
    const first = Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5));
    const last = Math.min(height, Math.ceil(Math.max(y0, y1) - 0.5));
    const slope = (x1 - x0) / (y1 - y0);
    for (let y = first; y < last; y++) {
      const crossing = x0 + (y + 0.5 - y0) * slope;
      const column = Math.max(0, Math.ceil(crossing - 0.5));
      if (column < width) data[y * width + column]! ^= 1;
    }
  }
}
