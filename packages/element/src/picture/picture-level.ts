import type { Box, Size } from '@samgpu/mask';

import { TILE_SIDE, tilesIn } from './tile-grid.ts';

/** Most tiles kept per level: more than the largest screens show. */
const KEPT_TILES = 40;

/** A part of a picture, to be drawn. */
export interface PicturePart extends Box {
  readonly bitmap: ImageBitmap;
}

/** A picture at one size, given out in parts that a GPU takes. */
export class PictureLevel implements Size {
  readonly width: number;
  readonly height: number;
  readonly #bitmap: ImageBitmap;
  readonly #tiles = new Map<number, ImageBitmap>();
  readonly #coming = new Set<number>();
  #disposed = false;

  /** @param bitmap - belongs to the level from now on */
  constructor(bitmap: ImageBitmap) {
    this.#bitmap = bitmap;
    this.width = bitmap.width;
    this.height = bitmap.height;
  }

  /** Whether it is small enough to be drawn as it is. */
  get isWhole(): boolean {
    return Math.max(this.width, this.height) <= 2 * TILE_SIDE;
  }

  /** What there is of a box, in pixels of this level; `onMore` is called when there is more. */
  partsIn(box: Box, onMore: () => void): { parts: PicturePart[]; isComplete: boolean } {
    const { width, height } = this;
    if (this.isWhole) {
      return { parts: [{ bitmap: this.#bitmap, x: 0, y: 0, width, height }], isComplete: true };
    }
    const parts: PicturePart[] = [];
    const tiles = tilesIn(this, box);
    for (const tile of tiles) {
      const bitmap = this.#tiles.get(tile.index);
      if (bitmap === undefined) {
        this.#cut(tile.index, tile, onMore);
        continue;
      }
      // The latest last, so that those which were not seen for long go first.
      this.#tiles.delete(tile.index);
      this.#tiles.set(tile.index, bitmap);
      parts.push({ bitmap, x: tile.x, y: tile.y, width: tile.width, height: tile.height });
    }
    return { parts, isComplete: parts.length === tiles.length };
  }

  /** A picture of this one at half its sides. */
  async half(): Promise<PictureLevel> {
    const bitmap = await createImageBitmap(this.#bitmap, {
      resizeWidth: Math.ceil(this.width / 2),
      resizeHeight: Math.ceil(this.height / 2),
      resizeQuality: 'medium',
    });
    return new PictureLevel(bitmap);
  }

  dispose(): void {
    this.#disposed = true;
    this.#bitmap.close();
    this.#tiles.forEach((tile) => tile.close());
    this.#tiles.clear();
  }

  #cut(index: number, { x, y, width, height }: Box, onMore: () => void): void {
    if (this.#coming.has(index)) return;
    this.#coming.add(index);
    createImageBitmap(this.#bitmap, x, y, width, height).then(
      (tile) => {
        this.#coming.delete(index);
        if (this.#disposed) {
          tile.close();
          return;
        }
        this.#tiles.set(index, tile);
        this.#forgetOldest();
        onMore();
      },
      // No memory for it now: what lies below stays in sight, and the next drawing tries again.
      () => this.#coming.delete(index),
    );
  }

  #forgetOldest(): void {
    for (const [index, tile] of this.#tiles) {
      if (this.#tiles.size <= KEPT_TILES) return;
      this.#tiles.delete(index);
      tile.close();
    }
  }
}
