// Outlines of a mask along the edges between its pixels. A ring is followed with the mask on its
// right hand until it closes. Every ring contains the left side of some run of pixels, so walking
// all runs and starting wherever such a side was not passed yet finds each ring once.

import { assertBitmap, type Bitmap } from './bitmap.ts';
import { findRuns } from './bitmap-runs.ts';
import { labelRuns } from './labelled-runs.ts';
import { MaskError } from './mask-error.ts';
import { isRle } from './rle-or-bitmap.ts';
import { decodeRle, type Rle } from './run-length.ts';
import { simplifyRing } from './simplify-ring.ts';

/** A corner of a pixel grid or any other position, in pixels: `[x, y]`. */
export type Vertex = readonly [x: number, y: number];

/** A closed line; the first vertex is not repeated at the end. */
export type Ring = readonly Vertex[];

/** One piece of a mask with its holes. */
export interface Polygon {
  /** Clockwise as seen on the screen (x to the right, y down). */
  readonly outer: Ring;
  /** Counter-clockwise as seen on the screen. */
  readonly holes: readonly Ring[];
}

/** How {@link tracePolygons} simplifies. */
export interface TraceOptions {
  /**
   * How far, in pixels, a simplified line may stray from the pixel edges. Default 0: exact.
   * Simplified rings may touch or cross each other where the mask is thinner than this.
   */
  readonly tolerance?: number;
}

/**
 * The outlines of a mask, along pixel edges, with straight runs merged.
 *
 * Pieces are 4-connected: pixels that share only a corner are two polygons. Accordingly holes are
 * 8-connected, and one that meets the outside at a corner is part of the outside. With tolerance 0
 * {@link rasterizePolygons} gives back exactly the mask.
 *
 * Time is linear in pixels plus length of the outlines.
 *
 * @throws {@link MaskError} `invalid-size`, `size-mismatch`, `invalid-rle` or `invalid-option`
 */
export function tracePolygons(mask: Bitmap | Rle, { tolerance = 0 }: TraceOptions = {}): Polygon[] {
  const bitmap = isRle(mask) ? decodeRle(mask) : mask;
  assertBitmap(bitmap);
  if (!(tolerance >= 0 && tolerance < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `tolerance ${tolerance}: wanted a number of pixels from 0 on. 1 removes the stairs of a diagonal.`,
    );
  }
  const { width, height } = bitmap;
  const { rowStart, start, label, areas } = labelRuns(findRuns(bitmap, 1), 4);
  const passed = new Uint8Array((width * height + 7) >> 3); // One bit per pixel: its left side.
  const outers: Ring[] = Array.from({ length: areas.length });
  const holes: Ring[][] = Array.from({ length: areas.length }, () => []);
  for (let y = 0; y < height; y++) {
    for (let run = rowStart[y]!; run < rowStart[y + 1]!; run++) {
      const x = start[run]!;
      const pixel = y * width + x;
      if (((passed[pixel >> 3]! >> (pixel & 7)) & 1) === 1) continue;
      const { ring, isHole } = followRing(bitmap, x, y, passed);
      const simplified = simplifyRing(ring, tolerance);
      if (isHole) holes[label[run]!]!.push(simplified);
      else outers[label[run]!] = simplified;
    }
  }
  return outers.map((outer, i) => ({ outer, holes: holes[i]! }));
}

/**
 * Follows the ring along the left side of a pixel whose ring has no side further up, nor further
 * left in the same row. There the first turn tells an outline (right) from a hole (left).
 */
function followRing(
  { width, height, data }: Bitmap,
  startX: number,
  startY: number,
  passed: Uint8Array,
): { ring: Vertex[]; isHole: boolean } {
  const isInside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;

  const ring: Vertex[] = [];
  let isHole = false;
  let x = startX;
  let y = startY;
  let stepX = 0;
  let stepY = -1;
  do {
    // Of the two pixels ahead, the one to the right and the one to the left of the line.
    const aheadX = stepX < 0 || stepY > 0 ? x - 1 : x;
    const aheadY = stepX < 0 || stepY < 0 ? y - 1 : y;
    const besideX = stepX < 0 || stepY < 0 ? x - 1 : x;
    const besideY = stepX > 0 || stepY < 0 ? y - 1 : y;
    if (!isInside(aheadX, aheadY)) {
      // Right, also where the pixel to the left is inside: it touches at a corner only.
      ring.push([x, y]);
      [stepX, stepY] = [-stepY, stepX];
    } else if (isInside(besideX, besideY)) {
      if (ring.length === 0) isHole = true;
      ring.push([x, y]);
      [stepX, stepY] = [stepY, -stepX];
    }
    x += stepX;
    y += stepY;
    if (stepY < 0) {
      const pixel = y * width + x;
      passed[pixel >> 3]! |= 1 << (pixel & 7);
    }
  } while (x !== startX || y !== startY || stepY >= 0);
  return { ring, isHole };
}
