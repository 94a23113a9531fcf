import { createBitmap, type Bitmap } from './bitmap.ts';
import type { Size } from './size.ts';
import type { Polygon, Ring } from './trace-polygons.ts';

/** How {@link rasterizePolygons} fills. */
export interface RasterizeOptions {
  /**
   * What is inside where rings cross or overlap, as SVG has it: with `evenodd` (default) what an odd
   * number of rings surrounds, with `nonzero` what they go around more often in one direction than in
   * the other.
   */
  readonly fillRule?: 'evenodd' | 'nonzero';
}

/**
 * Fills polygons: a pixel is inside when a ray from its centre crosses an odd number of ring edges
 * (even-odd rule over all rings, so overlapping polygons cancel out), or as `fillRule` says. Parts
 * beside the image are cut off.
 *
 * @throws MaskError `invalid-size`
 */
export function rasterizePolygons(
  polygons: readonly Polygon[],
  width: number,
  height: number,
  { fillRule = 'evenodd' }: RasterizeOptions = {},
): Bitmap {
  const bitmap = createBitmap(width, height);
  const { data } = bitmap;
  const rings = polygons.flatMap(({ outer, holes }) => [outer, ...holes]);
  if (fillRule === 'evenodd') {
    for (const ring of rings) {
      forEachCrossing(ring, bitmap, (pixel) => {
        data[pixel]! ^= 1;
      });
    }
    for (let row = 0; row < data.length; row += width) {
      for (let i = row + 1; i < row + width; i++) data[i]! ^= data[i - 1]!;
    }
    return bitmap;
  }
  const turns = new Int16Array(data.length);
  for (const ring of rings) {
    forEachCrossing(ring, bitmap, (pixel, direction) => {
      turns[pixel]! += direction;
    });
  }
  for (let row = 0; row < data.length; row += width) {
    for (let i = row, sum = 0; i < row + width; i++) {
      sum += turns[i]!;
      data[i] = sum === 0 ? 0 : 1;
    }
  }
  return bitmap;
}

/** In each row that an edge crosses: the first pixel whose centre is not left of the edge. */
function forEachCrossing(
  ring: Ring,
  { width, height }: Size,
  visit: (pixel: number, direction: 1 | -1) => void,
): void {
  for (let i = 0; i < ring.length; i++) {
    const [x0, y0] = ring[i]!;
    const [x1, y1] = ring[(i + 1) % ring.length]!;
    if (y0 === y1) continue;
    // Rows whose centre lies in the half-open range of the edge, so that a vertex counts once.
    const first = Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5));
    const last = Math.min(height, Math.ceil(Math.max(y0, y1) - 0.5));
    const slope = (x1 - x0) / (y1 - y0);
    const direction = y1 > y0 ? 1 : -1;
    for (let y = first; y < last; y++) {
      const crossing = x0 + (y + 0.5 - y0) * slope;
      const column = Math.max(0, Math.ceil(crossing - 0.5));
      if (column < width) visit(y * width + column, direction);
    }
  }
}
