import { findRuns } from './bitmap-runs.ts';
import { assertBitmap, createBitmap, type Bitmap } from './bitmap.ts';
import type { Box } from './box.ts';
import {
  labelRuns,
  paintRuns,
  runAt,
  type Connectivity,
  type LabelledRuns,
} from './labelled-runs.ts';
import { isRle } from './rle-or-bitmap.ts';
import { findRleRuns, rleOfRuns } from './rle-runs.ts';
import { RunEdges } from './run-edges.ts';
import { assertRle, rleArea, rleBounds, type Rle } from './run-length.ts';

/** What counts as touching. */
export interface ConnectivityOptions {
  /** 4: pixels sharing a side. 8, the default: those sharing a corner, too. */
  readonly connectivity?: Connectivity;
}

/** One connected piece of a mask. */
export interface Component {
  /** Number of pixels. */
  readonly area: number;
  /** The smallest box around the piece. */
  readonly bounds: Box;
}

/** The connected pieces of a mask. */
export interface ConnectedComponents {
  /** In the order of their first pixels, row by row from the top left. */
  readonly components: readonly Component[];
  /** Per pixel: 0 outside the mask, 1 for `components[0]`, 2 for `components[1]`, ... */
  readonly labels: Int32Array; // [height, width]
}

/** One connected piece of a mask given as run lengths. */
export interface RleComponent extends Component {
  /** The piece alone, at the size of the mask. */
  readonly rle: Rle;
}

/**
 * Finds the connected pieces of a mask in linear time: of a bitmap with a label per pixel, of run
 * lengths as masks of their own, in the order of their first pixels column by column from the left.
 *
 * @throws MaskError `invalid-size`, `size-mismatch` or `invalid-rle`
 */
export function connectedComponents(
  bitmap: Bitmap,
  options?: ConnectivityOptions,
): ConnectedComponents;
export function connectedComponents(rle: Rle, options?: ConnectivityOptions): RleComponent[];
export function connectedComponents(
  mask: Bitmap | Rle,
  { connectivity = 8 }: ConnectivityOptions = {},
): ConnectedComponents | RleComponent[] {
  if (isRle(mask)) return rleComponents(mask, connectivity);
  assertBitmap(mask);
  const { width, height } = mask;
  const labelled = labelRuns(findRuns(mask, 1), connectivity);
  const labels = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let run = labelled.rowStart[y]!; run < labelled.rowStart[y + 1]!; run++) {
      const from = y * width;
      labels.fill(labelled.label[run]! + 1, from + labelled.start[run]!, from + labelled.end[run]!);
    }
  }
  const bounds = boundsOf(labelled, height);
  const components = bounds.map((box, i) => ({ area: labelled.areas[i]!, bounds: box }));
  return { components, labels };
}

function rleComponents(rle: Rle, connectivity: Connectivity): RleComponent[] {
  assertRle(rle);
  const [height, width] = rle.size;
  const { rowStart, start, end, label, areas } = labelRuns(findRleRuns(rle, 1), connectivity);
  const pieces = Array.from(areas, () => new RunEdges());
  for (let x = 0; x < width; x++) {
    for (let run = rowStart[x]!; run < rowStart[x + 1]!; run++) {
      pieces[label[run]!]!.add(x * height + start[run]!, x * height + end[run]!);
    }
  }
  return pieces.map((edges) => {
    const piece = edges.toRle({ width, height });
    return { area: rleArea(piece), bounds: rleBounds(piece), rle: piece };
  });
}

function boundsOf(labelled: LabelledRuns, height: number): Box[] {
  const { rowStart, start, end, label, areas } = labelled;
  const left = new Int32Array(areas.length).fill(2 ** 31 - 1);
  const right = new Int32Array(areas.length);
  const top = new Int32Array(areas.length).fill(-1);
  const bottom = new Int32Array(areas.length);
  for (let y = 0; y < height; y++) {
    for (let run = rowStart[y]!; run < rowStart[y + 1]!; run++) {
      const i = label[run]!;
      left[i] = Math.min(left[i]!, start[run]!);
      right[i] = Math.max(right[i]!, end[run]!);
      if (top[i]! < 0) top[i] = y;
      bottom[i] = y + 1;
    }
  }
  return Array.from(areas, (_, i) => ({
    x: left[i]!,
    y: top[i]!,
    width: right[i]! - left[i]!,
    height: bottom[i]! - top[i]!,
  }));
}

/**
 * Keeps only the pieces that lie under the given points: after a click, the rest is usually not
 * meant. Where no point lies on the mask at all, nothing is known about its pieces, and the whole
 * mask is kept.
 *
 * @param points - in pixels of the mask; a point belongs to the pixel that it lies in
 * @returns a new mask, or the given one itself when all of it is kept
 * @throws MaskError `invalid-size`, `size-mismatch` or `invalid-rle`
 */
export function keepComponentsAt(
  bitmap: Bitmap,
  points: readonly PixelPosition[],
  options?: ConnectivityOptions,
): Bitmap;
export function keepComponentsAt(
  rle: Rle,
  points: readonly PixelPosition[],
  options?: ConnectivityOptions,
): Rle;
export function keepComponentsAt(
  mask: Bitmap | Rle,
  points: readonly PixelPosition[],
  { connectivity = 8 }: ConnectivityOptions = {},
): Bitmap | Rle {
  if (isRle(mask)) {
    assertRle(mask);
    const [height, width] = mask.size;
    const labelled = labelRuns(findRleRuns(mask, 1), connectivity);
    const columns = points.map(({ x, y }) => ({ line: Math.floor(x), at: Math.floor(y) }));
    const kept = markHit(labelled, columns, height);
    return kept === undefined ? mask : rleOfRuns(labelled, kept, 1, { width, height }, false);
  }
  assertBitmap(mask);
  const { width, height } = mask;
  const labelled = labelRuns(findRuns(mask, 1), connectivity);
  const rows = points.map(({ x, y }) => ({ line: Math.floor(y), at: Math.floor(x) }));
  const kept = markHit(labelled, rows, width);
  if (kept === undefined) return mask;
  const result = createBitmap(width, height);
  paintRuns(result, labelled, kept, 1);
  return result;
}

/** A position in a mask, in pixels. */
export interface PixelPosition {
  readonly x: number;
  readonly y: number;
}

/**
 * Marks the components that positions lie in; `undefined` where that are all or none.
 *
 * @param length - of the lines along which the runs lie
 */
function markHit(
  labelled: LabelledRuns,
  positions: readonly { readonly line: number; readonly at: number }[],
  length: number,
): Uint8Array | undefined {
  const lines = labelled.rowStart.length - 1;
  const hit = new Uint8Array(labelled.areas.length);
  for (const { line, at } of positions) {
    if (!(at >= 0 && line >= 0 && at < length && line < lines)) continue;
    const run = runAt(labelled, at, line);
    if (run >= 0) hit[labelled.label[run]!] = 1;
  }
  return hit.includes(1) && hit.includes(0) ? hit : undefined;
}
