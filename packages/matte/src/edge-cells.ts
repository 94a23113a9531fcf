// Where a matte has work to do, found on a grid of square cells: a picture of 12 megapixels has some
// hundred thousand of them, so that everything but the last step is quick whatever its size.

import { type Bitmap, distanceTransform, type Size } from '@samgpu/mask';

/** A rectangle of cells. */
export interface CellRange {
  readonly left: number;
  readonly top: number;
  /** Behind the last column. */
  readonly right: number;
  /** Behind the last row. */
  readonly bottom: number;
}

/** How far each cell lies from the outline of a mask. */
export interface EdgeCells extends Size {
  /** Pixels along the side of a cell; cells at the right and lower border may be cut off. */
  readonly side: number;
  /** Distance to the nearest cell with a part of the outline, in pixels; 0 in such cells. */
  readonly distance: Float32Array; // [height, width]
  /** The smallest range that holds all cells on the outline; `undefined` where there is none. */
  readonly range: CellRange | undefined;
}

const OUTSIDE = 0;
const INSIDE = 1;
const MIXED = 2;

/**
 * @param side - of a cell, in pixels
 * @param limit - distances from here on are not told apart, in pixels
 */
export function findEdgeCells(mask: Bitmap, side: number, limit: number): EdgeCells {
  const width = Math.ceil(mask.width / side);
  const height = Math.ceil(mask.height / side);
  const states = cellStates(mask, side, { width, height });
  const edges = new Uint8Array(width * height);
  const range = { left: width, top: height, right: 0, bottom: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      const state = states[cell]!;
      const isEdge =
        state === MIXED ||
        (x > 0 && states[cell - 1] !== state) ||
        (x + 1 < width && states[cell + 1] !== state) ||
        (y > 0 && states[cell - width] !== state) ||
        (y + 1 < height && states[cell + width] !== state);
      if (!isEdge) continue;
      edges[cell] = 1;
      range.left = Math.min(range.left, x);
      range.right = Math.max(range.right, x + 1);
      range.top = Math.min(range.top, y);
      range.bottom = y + 1;
    }
  }
  const distance = distanceTransform({ width, height, data: edges }, { limit: limit / side });
  if (side > 1) for (let i = 0; i < distance.length; i++) distance[i]! *= side;
  return { width, height, side, distance, range: range.bottom === 0 ? undefined : range };
}

/** Whether all pixels of a cell lie inside, outside, or some each. */
function cellStates(mask: Bitmap, side: number, { width, height }: Size): Uint8Array {
  const { data } = mask;
  if (side === 1) return data;
  const states = new Uint8Array(width * height);
  const counts = new Uint32Array(width);
  for (let y = 0; y < height; y++) {
    const top = y * side;
    const bottom = Math.min(mask.height, top + side);
    counts.fill(0);
    for (let row = top; row < bottom; row++) {
      let pixel = row * mask.width;
      for (let x = 0; x < width; x++) {
        const end = Math.min(row * mask.width + (x + 1) * side, (row + 1) * mask.width);
        let count = 0;
        for (; pixel < end; pixel++) count += data[pixel]!;
        counts[x]! += count;
      }
    }
    for (let x = 0; x < width; x++) {
      const pixels = (bottom - top) * (Math.min(mask.width, (x + 1) * side) - x * side);
      const count = counts[x]!;
      states[y * width + x] = count === 0 ? OUTSIDE : count === pixels ? INSIDE : MIXED;
    }
  }
  return states;
}
