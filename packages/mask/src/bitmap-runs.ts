import type { Bitmap } from './bitmap.ts';

/**
 * The runs of equal pixels in a mask: of a bitmap along its rows, of run lengths along its columns
 * (then read "column" for "row", and the other way round, in what follows).
 */
export interface Runs {
  /** Index of each row's first run, and the number of runs at the end. */
  readonly rowStart: Int32Array; // [height + 1]
  /** First column of each run. */
  readonly start: Int32Array; // [runs]
  /** Column after the last of each run. */
  readonly end: Int32Array; // [runs]
}

/** Finds the runs of pixels that are `value`. */
export function findRuns({ width, height, data }: Bitmap, value: 0 | 1): Runs {
  const rowStart = new Int32Array(height + 1);
  // Counted first, so that the arrays have the right size from the start.
  let count = 0;
  for (let y = 0; y < height; y++) {
    rowStart[y] = count;
    let before = value ^ 1;
    for (let i = y * width; i < (y + 1) * width; i++) {
      const pixel = data[i]!;
      if (pixel !== before && pixel === value) count += 1;
      before = pixel;
    }
  }
  rowStart[height] = count;

  const start = new Int32Array(count);
  const end = new Int32Array(count);
  for (let y = 0; y < height; y++) {
    let run = rowStart[y]!;
    if (run === rowStart[y + 1]) continue;
    const row = y * width;
    let before = value ^ 1;
    for (let x = 0; x < width; x++) {
      const pixel = data[row + x]!;
      if (pixel === before) continue;
      if (pixel === value) start[run] = x;
      else end[run++] = x;
      before = pixel;
    }
    if (before === value) end[run] = width;
  }
  return { rowStart, start, end };
}
