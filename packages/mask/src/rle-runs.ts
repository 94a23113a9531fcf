import type { Runs } from './bitmap-runs.ts';
import { RunEdges } from './run-edges.ts';
import type { LabelledRuns } from './labelled-runs.ts';
import type { Rle } from './run-length.ts';
import type { Size } from './size.ts';

/** Finds the runs of pixels that are `value`, cut at the ends of columns. The mask must be valid. */
export function findRleRuns({ size: [height, width], counts }: Rle, value: 0 | 1): Runs {
  const rowStart = new Int32Array(width + 1);
  let pieces = 0;
  forEachPiece(counts, height, value, (column) => {
    pieces += 1;
    rowStart[column + 1]! += 1;
  });
  for (let x = 0; x < width; x++) rowStart[x + 1]! += rowStart[x]!;
  const start = new Int32Array(pieces);
  const end = new Int32Array(pieces);
  let run = 0;
  forEachPiece(counts, height, value, (_, top, bottom) => {
    start[run] = top;
    end[run++] = bottom;
  });
  return { rowStart, start, end };
}

function forEachPiece(
  counts: readonly number[],
  height: number,
  value: 0 | 1,
  visit: (column: number, top: number, bottom: number) => void,
): void {
  let column = 0;
  let top = 0;
  for (let i = 0; i < counts.length; i++) {
    let left = counts[i]!;
    while (left > 0) {
      const length = Math.min(left, height - top);
      if (i % 2 === value) visit(column, top, top + length);
      left -= length;
      top += length;
      if (top === height) {
        top = 0;
        column += 1;
      }
    }
  }
}

/**
 * The mask of those runs whose component is marked as `wanted`.
 *
 * @param inverse - return all that does not lie in them instead
 */
export function rleOfRuns(
  { rowStart, start, end, label }: LabelledRuns,
  marked: Uint8Array, // [components]
  wanted: 0 | 1,
  size: Size,
  inverse: boolean,
): Rle {
  const edges = new RunEdges();
  for (let x = 0; x < size.width; x++) {
    const base = x * size.height;
    for (let run = rowStart[x]!; run < rowStart[x + 1]!; run++) {
      if (marked[label[run]!] === wanted) edges.add(base + start[run]!, base + end[run]!);
    }
  }
  return inverse ? edges.toInverseRle(size) : edges.toRle(size);
}
