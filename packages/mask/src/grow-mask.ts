// Dilation by a disc, column by column: a run of a column reaches, `dx` columns away, as far beyond its ends
// as the disc is high there. What is reached is counted down each column, so time grows with runs times
// radius, and no picture is made of the mask. Where that is too much, distances are measured instead.

import type { Bitmap } from './bitmap.ts';
import { distanceTransform } from './distance-transform.ts';
import { MaskError } from './mask-error.ts';
import { runsOf } from './mask-runs.ts';
import { Mask } from './mask.ts';
import { findRleRuns } from './rle-runs.ts';
import { RunEdges } from './run-edges.ts';
import { decodeRle, encodeRle, type Rle, rleComplement } from './run-length.ts';

/**
 * The mask with all pixels at most `pixels` away from it: a dilation by a disc.
 *
 * @param pixels - between centres of pixels; may be a fraction
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function growMask(mask: Bitmap, pixels: number): Mask {
  assertPixels('grow', pixels);
  return Mask.fromRle(dilate(runsOf(mask), pixels));
}

/**
 * The mask without all pixels at most `pixels` away from what is outside: an erosion by a disc. What
 * lies beyond the border of the picture does not count as outside.
 *
 * @param pixels - between centres of pixels; may be a fraction
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function shrinkMask(mask: Bitmap, pixels: number): Mask {
  assertPixels('shrink', pixels);
  return Mask.fromRle(rleComplement(dilate(rleComplement(runsOf(mask)), pixels)));
}

function dilate(rle: Rle, radius: number): Rle {
  const [height, width] = rle.size;
  const runs = findRleRuns(rle, 1);
  const reach = Math.floor(radius);
  // A step of either costs about the same.
  if (runs.start.length * (2 * reach + 1) > 2 * width * height)
    return dilateByDistance(rle, radius);
  const halfHeights = Array.from({ length: reach + 1 }, (_, dx) => halfHeight(radius, dx));
  const steps = new Int32Array(height + 1);
  const edges = new RunEdges();
  for (let x = 0; x < width; x++) {
    let [first, last] = [height, -1];
    const end = Math.min(width - 1, x + reach);
    for (let column = Math.max(0, x - reach); column <= end; column++) {
      const extra = halfHeights[Math.abs(column - x)]!;
      for (let run = runs.rowStart[column]!; run < runs.rowStart[column + 1]!; run++) {
        const from = Math.max(0, runs.start[run]! - extra);
        const to = Math.min(height, runs.end[run]! + extra);
        steps[from]! += 1;
        steps[to]! -= 1;
        if (from < first) first = from;
        if (to > last) last = to;
      }
    }
    let reached = 0;
    let top = 0;
    for (let y = first; y <= last; y++) {
      const step = steps[y]!;
      if (step === 0) continue;
      steps[y] = 0;
      if (reached === 0) top = y;
      reached += step;
      if (reached === 0) edges.add(x * height + top, x * height + y);
    }
  }
  return edges.toRle({ width, height });
}

function dilateByDistance(rle: Rle, radius: number): Rle {
  const bitmap = decodeRle(rle);
  const distances = distanceTransform(bitmap, { limit: radius + 2 });
  const limit = limitOf(radius);
  const data = Uint8Array.from(distances, (distance) => (distance * distance <= limit ? 1 : 0));
  return encodeRle({ ...bitmap, data });
}

/** Squares of distances between pixels are whole numbers; a distance in f32 is not quite their root. */
function limitOf(radius: number): number {
  return Math.floor(radius * radius) + 0.5;
}

/** How far a disc reaches up and down, `dx` columns from its centre. */
function halfHeight(radius: number, dx: number): number {
  return Math.floor(Math.sqrt(Math.floor(radius * radius) - dx * dx));
}

function assertPixels(what: string, pixels: number): void {
  if (!(pixels >= 0 && pixels < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `${what} by ${pixels} pixels: wanted a number from 0 on. Grow and shrink go opposite ways.`,
    );
  }
}
