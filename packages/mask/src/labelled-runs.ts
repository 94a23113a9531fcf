// Connected components over runs instead of pixels: neighbouring rows are walked together, runs
// that touch are joined in a union-find forest, and a last pass numbers its trees. Linear in pixels
// plus runs, and memory grows with the runs only.

import type { Bitmap } from './bitmap.ts';
import type { Runs } from './bitmap-runs.ts';

/** 4: pixels sharing a side are neighbours. 8: those sharing a corner are, too. */
export type Connectivity = 4 | 8;

/** Runs, each with the component it belongs to. */
export interface LabelledRuns extends Runs {
  /** Component of each run, from 0, in the order of their first runs. */
  readonly label: Int32Array; // [runs]
  /** Pixels of each component. */
  readonly areas: Int32Array; // [components]
}

/** Labels the connected pieces of what lies in runs. */
export function labelRuns(runs: Runs, connectivity: Connectivity): LabelledRuns {
  const parent = joinRuns(runs, connectivity === 8 ? 1 : 0);

  // A root is the first run of its tree, so it is met before all others.
  const label = parent;
  let count = 0;
  for (let run = 0; run < parent.length; run++) {
    label[run] = parent[run] === run ? count++ : label[parent[run]!]!;
  }
  const areas = new Int32Array(count);
  for (let run = 0; run < label.length; run++) {
    areas[label[run]!]! += runs.end[run]! - runs.start[run]!;
  }
  return { ...runs, label, areas };
}

/**
 * @param reach - how far beyond its ends a run touches those of the next row: 0 or 1
 * @returns parent of each run, never later than the run itself
 */
function joinRuns({ rowStart, start, end }: Runs, reach: number): Int32Array {
  const height = rowStart.length - 1;
  const parent = new Int32Array(start.length);
  for (let run = 0; run < parent.length; run++) parent[run] = run;

  const rootOf = (run: number): number => {
    let root = run;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };

  for (let y = 1; y < height; y++) {
    let upper = rowStart[y - 1]!;
    let lower = rowStart[y]!;
    const upperEnd = lower;
    const lowerEnd = rowStart[y + 1]!;
    while (upper < upperEnd && lower < lowerEnd) {
      if (start[upper]! < end[lower]! + reach && start[lower]! < end[upper]! + reach) {
        const first = rootOf(upper);
        const second = rootOf(lower);
        if (first < second) parent[second] = first;
        else parent[first] = second;
      }
      // The run that ends first cannot touch anything further right.
      if (end[upper]! < end[lower]!) upper += 1;
      else lower += 1;
    }
  }
  return parent;
}

/** Writes `value` over the runs whose component is marked. */
export function paintRuns(
  { width, height, data }: Bitmap,
  { rowStart, start, end, label }: LabelledRuns,
  marked: Uint8Array, // [components]
  value: 0 | 1,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let run = rowStart[y]!; run < rowStart[y + 1]!; run++) {
      if (marked[label[run]!] === 1) data.fill(value, row + start[run]!, row + end[run]!);
    }
  }
}

/** The run that holds column `x` of row `y`, or -1. */
export function runAt({ rowStart, start, end }: Runs, x: number, y: number): number {
  let low = rowStart[y]!;
  let high = rowStart[y + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (end[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low < rowStart[y + 1]! && start[low]! <= x ? low : -1;
}
