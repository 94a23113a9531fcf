// How pycocotools fills polygons (`rleFrPoly` of its maskApi.c), which is what COCO's areas and scores
// rest on. Outlines are drawn on a grid five times as fine as the pixels; where a line passes through
// the middle of a column of pixels, everything below it in that column changes sides.

import { assertMaskSize } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { rleUnion } from './run-length-sets.ts';
import type { Rle } from './run-length.ts';
import type { Size } from './size.ts';

const fineness = 5;
/** Of the fine columns that belong to a pixel, the one in its middle. */
const middle = 2;
/** Keeps every number exact, and is far beyond any picture. */
const largestCoordinate = 1e7;

/**
 * The mask of COCO's polygons, equal to that of pycocotools. Several polygons are united; where one
 * crosses or surrounds itself the even-odd rule decides.
 *
 * @param polygons - each `[x0, y0, x1, y1, ...]`
 * @throws {@link MaskError} `invalid-size` or `invalid-option`
 */
export function rleFromCocoPolygons(polygons: readonly (readonly number[])[], size: Size): Rle {
  assertMaskSize(size);
  const rles = polygons.map((polygon) => fill(polygon, size));
  const [first, ...others] = rles;
  if (first === undefined)
    return { size: [size.height, size.width], counts: [size.width * size.height] };
  return others.reduce((united, rle) => rleUnion(united, rle), first);
}

function fill(polygon: readonly number[], { width, height }: Size): Rle {
  assertPolygon(polygon);
  const fine = polygon.map((value) => Math.trunc(fineness * value + 0.5));
  const changes: number[] = [];
  for (let at = 0; at < fine.length; at += 2) {
    const next = (at + 2) % fine.length;
    const edge = [fine[at]!, fine[at + 1]!, fine[next]!, fine[next + 1]!] as const;
    markChanges(edge, { width, height }, changes);
  }
  const end = width * height;
  const sorted = Float64Array.from(changes).sort();
  const counts: number[] = [];
  let previous = 0;
  for (let i = 0; i < sorted.length; i++) {
    const position = sorted[i]!;
    // Two changes in one place are none.
    if (position === sorted[i + 1]) {
      i += 1;
      continue;
    }
    if (position >= end) break;
    counts.push(position - previous);
    previous = position;
  }
  if (previous < end || counts.length === 0) counts.push(end - previous);
  return { size: [height, width], counts };
}

function assertPolygon(polygon: readonly number[]): void {
  const isValid =
    Array.isArray(polygon) &&
    polygon.length >= 6 &&
    polygon.length % 2 === 0 &&
    polygon.every((value) => typeof value === 'number' && Math.abs(value) <= largestCoordinate);
  if (!isValid) {
    throw new MaskError(
      'invalid-option',
      `a COCO polygon of ${Array.isArray(polygon) ? `${polygon.length} numbers` : `type ${typeof polygon}`}: wanted [x0, y0, x1, y1, ...] of three or more ` +
        `vertices, none further than ${largestCoordinate} pixels away.`,
    );
  }
}

/** Finds where an edge passes the middle of a column of pixels. */
function markChanges(
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  { width, height }: Size,
  changes: number[],
): void {
  const [dx, dy] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  if (dx === 0) return;
  // Drawn towards growing x, or y where it is steeper, so that both directions give the same points.
  const isFlat = dx >= dy;
  const isReversed = isFlat ? x0 > x1 : y0 > y1;
  const [startX, startY, endX, endY] = isReversed ? [x1, y1, x0, y0] : [x0, y0, x1, y1];
  const slope = isFlat ? (endY - startY) / dx : (endX - startX) / dy;
  const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)];
  const firstColumn = Math.max(0, Math.ceil((left - middle) / fineness));
  const lastColumn = Math.min(width - 1, Math.floor((right - 1 - middle) / fineness));
  for (let column = firstColumn; column <= lastColumn; column++) {
    const fineX = column * fineness + middle;
    const y = isFlat
      ? flatY(fineX - startX, startY, slope)
      : steepY(fineX, startX, startY, slope, dy);
    const row = Math.ceil(Math.min(height, Math.max(0, (y + 0.5) / fineness - 0.5)));
    changes.push(column * height + row);
  }
}

/** The upper of the two points beside the middle of a column, on a line that advances by columns. */
function flatY(step: number, startY: number, slope: number): number {
  const at = (step: number): number => Math.trunc(startY + slope * step + 0.5);
  return Math.min(at(step), at(step + 1));
}

/** The same on a line that advances by rows: it is in a new column where the rounded x changes. */
function steepY(
  fineX: number,
  startX: number,
  startY: number,
  slope: number,
  steps: number,
): number {
  const at = (step: number): number => Math.trunc(startX + slope * step + 0.5);
  const isPast = (step: number): boolean => (slope > 0 ? at(step) > fineX : at(step) <= fineX);
  let step = Math.min(steps, Math.max(1, Math.round((fineX + 0.5 - startX) / slope)));
  while (step < steps && !isPast(step)) step += 1;
  while (step > 1 && isPast(step - 1)) step -= 1;
  return startY + step - 1;
}
