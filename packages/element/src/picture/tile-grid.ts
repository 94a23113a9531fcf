import type { Box, Size } from '@samgpu/mask';

/** Side of a tile in pixels: a texture that every GPU takes, and few of them cover a screen. */
export const TILE_SIDE: number = 1024;

/** One tile of a level. */
export interface Tile extends Box {
  /** Among the tiles of its level, row by row. */
  readonly index: number;
}

/** The tiles of a picture that meet a box, in pixels of it, nearest to the middle of the box first. */
export function tilesIn({ width, height }: Size, box: Box): Tile[] {
  const columns = Math.ceil(width / TILE_SIDE);
  const rows = Math.ceil(height / TILE_SIDE);
  const [left, right] = tileRange(box.x, box.width, columns);
  const [top, bottom] = tileRange(box.y, box.height, rows);
  const tiles: Tile[] = [];
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const [x, y] = [column * TILE_SIDE, row * TILE_SIDE];
      tiles.push({
        index: row * columns + column,
        x,
        y,
        // A pixel more where there is one, so that neighbours overlap and show no seam.
        width: Math.min(TILE_SIDE + 1, width - x),
        height: Math.min(TILE_SIDE + 1, height - y),
      });
    }
  }
  const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
  const distance = (tile: Tile): number =>
    Math.hypot(tile.x + TILE_SIDE / 2 - middleX, tile.y + TILE_SIDE / 2 - middleY);
  return tiles.sort((one, other) => distance(one) - distance(other));
}

function tileRange(start: number, length: number, count: number): [first: number, end: number] {
  const first = Math.max(0, Math.floor(start / TILE_SIDE));
  const end = Math.min(count, Math.ceil((start + length) / TILE_SIDE));
  return [first, Math.max(first, end)];
}
