import type { Region } from './closed-form/matting-laplacian.ts';
import type { EdgeCells } from './edge-cells.ts';

/** Pixels along the side of a tile, about: what a core's cache holds of its equations. */
const TILE_SIDE = 256;

/**
 * Divides the parts of a picture where an edge may be into tiles.
 *
 * @param reach - how far from the outline, in pixels
 * @returns regions within the picture that do not overlap
 */
export function edgeTiles(
  cells: EdgeCells,
  picture: { readonly width: number; readonly height: number },
  reach: number,
): Region[] {
  const { side, width, height, distance } = cells;
  const step = Math.max(1, Math.round(TILE_SIDE / side));
  const tiles: Region[] = [];
  for (let top = 0; top < height; top += step) {
    for (let left = 0; left < width; left += step) {
      const bottom = Math.min(height, top + step);
      const right = Math.min(width, left + step);
      // What has to be done of the tile, without its empty margins.
      let [first, last, start, end] = [bottom, top, right, left];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          if (distance[y * width + x]! > reach) continue;
          first = Math.min(first, y);
          last = y + 1;
          start = Math.min(start, x);
          end = Math.max(end, x + 1);
        }
      }
      if (last <= first) continue;
      tiles.push({
        left: start * side,
        top: first * side,
        width: Math.min(picture.width, end * side) - start * side,
        height: Math.min(picture.height, last * side) - first * side,
      });
    }
  }
  return tiles;
}
