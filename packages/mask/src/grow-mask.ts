// Dilation by a disc, row by row: a run of a row reaches, `dy` rows away, as far beyond its ends as the disc
// is wide there. What is reached is counted up along each row, so time grows with the pixels, and with runs
// times radius; where that is too much, distances are measured instead.

import { findRuns } from './bitmap-runs.ts';
import { assertBitmap, createBitmap, inverted, type Bitmap } from './bitmap.ts';
import { distanceTransform } from './distance-transform.ts';
import { MaskError } from './mask-error.ts';
import { pictureOf, windowAround } from './mask-window.ts';
import { Mask } from './mask.ts';

/**
 * The mask with all pixels at most `pixels` away from it: a dilation by a disc.
 *
 * @param pixels - between centres of pixels; may be a fraction
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function growMask(mask: Bitmap, pixels: number): Mask {
  assertBitmap(mask);
  assertPixels('grow', pixels);
  const window = windowAround(mask, Math.ceil(pixels));
  if (window === undefined) return Mask.fromBitmap(mask);
  const data = pictureOf(dilate(window, pixels), window.box, mask);
  return Mask.fromBitmap({ width: mask.width, height: mask.height, data });
}

/**
 * The mask without all pixels at most `pixels` away from what is outside: an erosion by a disc. What
 * lies beyond the border of the picture does not count as outside.
 *
 * @param pixels - between centres of pixels; may be a fraction
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function shrinkMask(mask: Bitmap, pixels: number): Mask {
  assertBitmap(mask);
  assertPixels('shrink', pixels);
  // One pixel around the bounds is outside already, so nothing that is nearer lies further away.
  const window = windowAround(mask, 1);
  if (window === undefined) return Mask.fromBitmap(mask);
  const outside = { ...window, data: inverted(window.data) };
  const data = pictureOf(inverted(dilate(outside, pixels)), window.box, mask);
  return Mask.fromBitmap({ width: mask.width, height: mask.height, data });
}

function dilate(bitmap: Bitmap, radius: number): Uint8Array {
  const { width, height } = bitmap;
  const runs = findRuns(bitmap, 1);
  const reach = Math.floor(radius);
  const { data } = createBitmap(width, height);
  // A step of either costs about the same.
  if (runs.start.length * (2 * reach + 1) > 2 * width * height) {
    const distances = distanceTransform(bitmap, { limit: radius + 2 });
    return Uint8Array.from(distances, (distance) =>
      distance * distance <= limitOf(radius) ? 1 : 0,
    );
  }
  const halfWidths = Array.from({ length: reach + 1 }, (_, dy) => halfWidth(radius, dy));
  const steps = new Int32Array(width + 1);
  for (let y = 0; y < height; y++) {
    steps.fill(0);
    const last = Math.min(height - 1, y + reach);
    for (let row = Math.max(0, y - reach); row <= last; row++) {
      const extra = halfWidths[Math.abs(row - y)]!;
      for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
        steps[Math.max(0, runs.start[run]! - extra)]! += 1;
        steps[Math.min(width, runs.end[run]! + extra)]! -= 1;
      }
    }
    let reached = 0;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      reached += steps[x]!;
      if (reached > 0) data[at] = 1;
    }
  }
  return data;
}

/** Squares of distances between pixels are whole numbers; a distance in f32 is not quite their root. */
function limitOf(radius: number): number {
  return Math.floor(radius * radius) + 0.5;
}

/** How far a disc reaches to each side, `dy` rows from its centre. */
function halfWidth(radius: number, dy: number): number {
  return Math.floor(Math.sqrt(Math.floor(radius * radius) - dy * dy));
}

function assertPixels(what: string, pixels: number): void {
  if (!(pixels >= 0 && pixels < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `${what} by ${pixels} pixels: wanted a number from 0 on. Grow and shrink go opposite ways.`,
    );
  }
}
