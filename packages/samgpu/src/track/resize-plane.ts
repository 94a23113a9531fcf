import { type Taps, triangleTaps } from '../preprocess/filter-taps.ts';

/** Width and height in cells. */
export interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Resizes one plane of numbers as PyTorch's bilinear `interpolate` with `antialias` does, which weighs
 * every cell when it shrinks.
 */
export function resizePlane(
  values: ArrayLike<number>,
  from: PlaneSize,
  to: PlaneSize,
): Float32Array<ArrayBuffer> {
  const columns = triangleTaps(from.width, to.width, 'single');
  const rows = triangleTaps(from.height, to.height, 'single');
  const narrow = new Float32Array(from.height * to.width);
  for (let y = 0; y < from.height; y++) {
    for (let x = 0; x < to.width; x++) {
      narrow[y * to.width + x] = blend(values, y * from.width, 1, columns, x);
    }
  }
  const result = new Float32Array(to.height * to.width);
  for (let y = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++) {
      result[y * to.width + x] = blend(narrow, x, to.width, rows, y);
    }
  }
  return result;
}

function blend(
  values: ArrayLike<number>,
  start: number,
  step: number,
  { first, count, weights, longest }: Taps,
  output: number,
): number {
  let sum = 0;
  for (let tap = 0; tap < count[output]!; tap++) {
    sum += values[start + (first[output]! + tap) * step]! * weights[output * longest + tap]!;
  }
  return sum;
}
