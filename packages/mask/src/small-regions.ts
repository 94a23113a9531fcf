import { assertBitmap, type Bitmap } from './bitmap.ts';
import { labelRuns, paintRuns, type Connectivity, type LabelledRuns } from './labelled-runs.ts';
import { MaskError } from './mask-error.ts';

/** A cleaned mask. */
export interface CleanedBitmap {
  /** A new bitmap, or the given one when nothing was changed. */
  readonly bitmap: Bitmap;
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
 * @param areaThreshold - in pixels
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function removeSmallRegions(
  bitmap: Bitmap,
  areaThreshold: number,
  mode: 'holes' | 'islands',
): CleanedBitmap {
  assertBitmap(bitmap);
  if (!(areaThreshold >= 0)) {
    throw new MaskError(
      'invalid-option',
      `area threshold ${areaThreshold}: wanted a number of pixels from 0 on. 0 changes nothing.`,
    );
  }
  const labelled = labelRuns(bitmap, mode === 'holes' ? 0 : 1, 8);
  const { areas } = labelled;
  const small = new Uint8Array(areas.length);
  let count = 0;
  for (let i = 0; i < areas.length; i++) {
    if (areas[i]! >= areaThreshold) continue;
    small[i] = 1;
    count += 1;
  }
  if (count === 0) return { bitmap, changed: false };
  if (mode === 'islands' && count === areas.length) small[largestComponent(labelled)] = 0;

  const cleaned = { ...bitmap, data: bitmap.data.slice() };
  paintRuns(cleaned, labelled, small, mode === 'holes' ? 1 : 0);
  return { bitmap: cleaned, changed: true };
}

/**
 * The component with the most pixels. Among equals the official code takes the one that OpenCV
 * labels first. OpenCV scans 2x2 blocks, so of two that begin within the same pair of rows it is the
 * one further left, even if it begins a row lower.
 */
function largestComponent({ rowStart, start, label, areas }: LabelledRuns): number {
  let most = 0;
  for (const area of areas) most = Math.max(most, area);
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
 * @returns a new bitmap, or `bitmap` itself when there is no hole to fill
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function fillHoles(bitmap: Bitmap, options: FillHolesOptions = {}): Bitmap {
  assertBitmap(bitmap);
  const { maximumArea = Infinity, connectivity = 8 } = options;
  const { width, height } = bitmap;
  const labelled = labelRuns(bitmap, 0, connectivity);
  const { rowStart, start, end, label, areas } = labelled;
  const holes = Uint8Array.from(areas, (area) => (area <= maximumArea ? 1 : 0));
  for (let y = 0; y < height; y++) {
    for (let run = rowStart[y]!; run < rowStart[y + 1]!; run++) {
      const atEdge = y === 0 || y === height - 1 || start[run] === 0 || end[run] === width;
      if (atEdge) holes[label[run]!] = 0;
    }
  }
  if (!holes.includes(1)) return bitmap;
  const filled = { width, height, data: bitmap.data.slice() };
  paintRuns(filled, labelled, holes, 1);
  return filled;
}
