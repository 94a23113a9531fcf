import type { Box } from './box.ts';
import { assertBitmap, createBitmap, type Bitmap } from './bitmap.ts';
import {
  labelRuns,
  paintRuns,
  runAt,
  type Connectivity,
  type LabelledRuns,
} from './labelled-runs.ts';

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

/**
 * Labels the connected pieces of a mask in linear time.
 *
 * @throws MaskError `invalid-size` or `size-mismatch`
 */
export function connectedComponents(
  bitmap: Bitmap,
  { connectivity = 8 }: ConnectivityOptions = {},
): ConnectedComponents {
  assertBitmap(bitmap);
  const { width, height } = bitmap;
  const labelled = labelRuns(bitmap, 1, connectivity);
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
 * @returns a new bitmap, or `bitmap` itself when all of it is kept
 * @throws MaskError `invalid-size` or `size-mismatch`
 */
export function keepComponentsAt(
  bitmap: Bitmap,
  points: readonly { readonly x: number; readonly y: number }[],
  { connectivity = 8 }: ConnectivityOptions = {},
): Bitmap {
  assertBitmap(bitmap);
  const { width, height } = bitmap;
  const labelled = labelRuns(bitmap, 1, connectivity);
  const kept = new Uint8Array(labelled.areas.length);
  let count = 0;
  for (const { x, y } of points) {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (!(column >= 0 && row >= 0 && column < width && row < height)) continue;
    const run = runAt(labelled, column, row);
    if (run < 0) continue;
    const label = labelled.label[run]!;
    if (kept[label] === 0) count += 1;
    kept[label] = 1;
  }
  if (count === 0 || count === kept.length) return bitmap;
  const result = createBitmap(width, height);
  paintRuns(result, labelled, kept, 1);
  return result;
}
