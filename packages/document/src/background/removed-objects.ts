import type { Size } from '@samgpu/mask';

import { growBox } from '../boxes.ts';
import type { ObjectPixels } from '../object-pixels.ts';

/**
 * How far beyond an object's edge its colours may still be found, as a share of the picture's shorter
 * side: masks often end a little inside of the object, and lenses are not that sharp.
 */
const fringe = 1 / 800;

/** What remains of a picture when objects are taken out of it. */
export class RemovedObjects {
  readonly #width: number;
  readonly #areas: readonly { readonly box: ObjectPixels['box']; readonly alpha: Uint8Array }[];

  constructor(image: Size, objects: readonly ObjectPixels[]) {
    this.#width = image.width;
    const reach = Math.max(1, Math.round(fringe * Math.min(image.width, image.height)));
    this.#areas = objects
      .filter(({ box }) => box.width > 0)
      .map((object) => {
        const box = growBox(object.box, reach, image);
        return { box, alpha: largestAround(object.alphaIn(box), box, reach) };
      });
  }

  /** Of a row: how much of each pixel is left, 0 to 1. */
  remaining(y: number): Float32Array {
    const row = new Float32Array(this.#width).fill(1);
    for (const { box, alpha } of this.#areas) {
      if (y < box.y || y >= box.y + box.height) continue;
      const from = (y - box.y) * box.width;
      for (let x = 0; x < box.width; x++) row[box.x + x]! *= 1 - alpha[from + x]! / 255;
    }
    return row;
  }
}

/** The largest level within a square around each pixel. */
function largestAround(
  levels: Uint8Array<ArrayBuffer>,
  { width, height }: Size,
  reach: number,
): Uint8Array {
  const across = new Uint8Array(levels.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      let largest = 0;
      const last = Math.min(width - 1, x + reach);
      for (let i = Math.max(0, x - reach); i <= last; i++) {
        if (levels[row + i]! > largest) largest = levels[row + i]!;
      }
      across[row + x] = largest;
    }
  }
  const result = levels.fill(0);
  for (let y = 0; y < height; y++) {
    const last = Math.min(height - 1, y + reach);
    for (let from = Math.max(0, y - reach); from <= last; from++) {
      for (let x = 0; x < width; x++) {
        const level = across[from * width + x]!;
        if (level > result[y * width + x]!) result[y * width + x] = level;
      }
    }
  }
  return result;
}
