import { findRuns } from './bitmap-runs.ts';
import { assertBitmap, type Bitmap } from './bitmap.ts';
import { labelRuns, paintRuns, type Connectivity, type LabelledRuns } from './labelled-runs.ts';
import { MaskError } from './mask-error.ts';
import { isRle } from './rle-or-bitmap.ts';
import { findRleRuns, rleOfRuns } from './rle-runs.ts';
import { assertRle, type Rle } from './run-length.ts';

/** A cleaned mask. */
export interface CleanedBitmap {
  /** A new bitmap, or the given one when nothing was changed. */
  readonly bitmap: Bitmap;
  /** Whether there was anything to clean. */
  readonly changed: boolean;
}

/** A cleaned mask. */
export interface CleanedRle {
  /** New run lengths, or the given ones when nothing was changed. */
  readonly rle: Rle;
  /** Whether there was anything to clean. */
  readonly changed: boolean;
}

/**
 * Fills small holes or drops small islands, as the official `remove_small_regions` does: pieces are
 * 8-connected, and one is small when it has fewer pixels than `areaThreshold`.
 *
 * - `'holes'`: small pieces of the outside are filled, also where they touch the image's edge.
 * - `'islands'`: small pieces of the mask are dropped. When all are small, the largest is kept.
 *
 * Time is linear in the pixels of a bitmap, and in the runs and columns of run lengths.
 *
 * @param areaThreshold - in pixels
 * @throws {@link MaskError} `invalid-size`, `size-mismatch`, `invalid-rle` or `invalid-option`
 */
export function removeSmallRegions(
  bitmap: Bitmap,
  areaThreshold: number,
  mode: 'holes' | 'islands',
): CleanedBitmap;
export function removeSmallRegions(
  rle: Rle,
  areaThreshold: number,
  mode: 'holes' | 'islands',
): CleanedRle;
export function removeSmallRegions(
  mask: Bitmap | Rle,
  areaThreshold: number,
  mode: 'holes' | 'islands',
): CleanedBitmap | CleanedRle {
  if (!(areaThreshold >= 0)) {
    throw new MaskError(
      'invalid-option',
      `area threshold ${areaThreshold}: wanted a number of pixels from 0 on. 0 changes nothing.`,
    );
  }
  const value = mode === 'holes' ? 0 : 1;
  if (isRle(mask)) {
    assertRle(mask);
    const labelled = labelRuns(findRleRuns(mask, value), 8);
    const small = smallPieces(labelled, areaThreshold, mode, firstOfLargestByColumns);
    if (small === undefined) return { rle: mask, changed: false };
    const size = { width: mask.size[1], height: mask.size[0] };
    return { rle: rleOfRuns(labelled, small, 0, size, mode === 'holes'), changed: true };
  }
  assertBitmap(mask);
  const labelled = labelRuns(findRuns(mask, value), 8);
  const small = smallPieces(labelled, areaThreshold, mode, firstOfLargestByRows);
  if (small === undefined) return { bitmap: mask, changed: false };
  const { width, height } = mask;
  const cleaned = { width, height, data: mask.data.slice() };
  paintRuns(cleaned, labelled, small, mode === 'holes' ? 1 : 0);
  return { bitmap: cleaned, changed: true };
}

/** Marks the components to clean away; `undefined` where there are none. */
function smallPieces(
  labelled: LabelledRuns,
  areaThreshold: number,
  mode: 'holes' | 'islands',
  firstOfLargest: (labelled: LabelledRuns, area: number) => number,
): Uint8Array | undefined {
  const { areas } = labelled;
  const small = Uint8Array.from(areas, (area) => (area < areaThreshold ? 1 : 0));
  if (!small.includes(1)) return undefined;
  if (mode === 'islands' && !small.includes(0)) {
    let most = 0;
    for (const area of areas) most = Math.max(most, area);
    small[firstOfLargest(labelled, most)] = 0;
  }
  return small;
}

/**
 * The component with the most pixels. Among equals the official code takes the one that OpenCV
 * labels first. OpenCV scans 2x2 blocks, so of two that begin within the same pair of rows it is the
 * one further left, even if it begins a row lower.
 */
function firstOfLargestByRows(
  { rowStart, start, label, areas }: LabelledRuns,
  most: number,
): number {
  const rows = rowStart.length - 1;
  for (let y = 0; y < rows; y += 2) {
    let best = -1;
    let bestColumn = Infinity;
    for (let run = rowStart[y]!; run < rowStart[Math.min(y + 2, rows)]!; run++) {
      if (areas[label[run]!] !== most) continue;
      const column = start[run]!;
      if (column >= bestColumn) continue;
      bestColumn = column;
      best = label[run]!;
    }
    if (best >= 0) return best;
  }
  return 0;
}

/** The same of runs along columns. */
function firstOfLargestByColumns({ start, label, areas }: LabelledRuns, most: number): number {
  let best = 0;
  let bestPair = Infinity;
  // Runs come column by column, so the first one of a pair of rows is the one furthest left.
  for (let run = 0; run < label.length; run++) {
    if (areas[label[run]!] !== most) continue;
    const pair = start[run]! >> 1;
    if (pair >= bestPair) continue;
    bestPair = pair;
    best = label[run]!;
  }
  return best;
}

/** Which holes {@link fillHoles} fills. */
export interface FillHolesOptions {
  /** Fill holes of at most this many pixels. Default: all. */
  readonly maximumArea?: number;
  /**
   * How pixels of a hole hang together. With 8, the default, a hole that meets the outside at a
   * corner is none, in keeping with `tracePolygons`. With 4 it is one.
   */
  readonly connectivity?: Connectivity;
}

/**
 * Fills the holes of a mask: pieces of the outside that do not reach the image's edge.
 *
 * @returns a new mask, or the given one itself when there is no hole to fill
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-rle`
 */
export function fillHoles(bitmap: Bitmap, options?: FillHolesOptions): Bitmap;
export function fillHoles(rle: Rle, options?: FillHolesOptions): Rle;
export function fillHoles(mask: Bitmap | Rle, options: FillHolesOptions = {}): Bitmap | Rle {
  const { maximumArea = Infinity, connectivity = 8 } = options;
  if (isRle(mask)) {
    assertRle(mask);
    const [height, width] = mask.size;
    const labelled = labelRuns(findRleRuns(mask, 0), connectivity);
    const holes = markHoles(labelled, height, maximumArea);
    return holes.includes(1) ? rleOfRuns(labelled, holes, 0, { width, height }, true) : mask;
  }
  assertBitmap(mask);
  const { width, height } = mask;
  const labelled = labelRuns(findRuns(mask, 0), connectivity);
  const holes = markHoles(labelled, width, maximumArea);
  if (!holes.includes(1)) return mask;
  const filled = { width, height, data: mask.data.slice() };
  paintRuns(filled, labelled, holes, 1);
  return filled;
}

/** @param length - of the lines along which the runs lie */
function markHoles(
  { rowStart, start, end, label, areas }: LabelledRuns,
  length: number,
  maximumArea: number,
): Uint8Array {
  const holes = Uint8Array.from(areas, (area) => (area <= maximumArea ? 1 : 0));
  const lines = rowStart.length - 1;
  for (let line = 0; line < lines; line++) {
    for (let run = rowStart[line]!; run < rowStart[line + 1]!; run++) {
      const atEdge = line === 0 || line === lines - 1 || start[run] === 0 || end[run] === length;
      if (atEdge) holes[label[run]!] = 0;
    }
  }
  return holes;
}
