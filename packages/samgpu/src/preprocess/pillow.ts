import { cubicTaps, type Taps, triangleTaps } from './filter-taps.ts';
import type { ImageSize } from './frame.ts';
import { RowWindow } from './row-window.ts';
import type { RgbRow, SourceRows } from './source-rows.ts';

// Pillow keeps 8 bits for the pixel and 2 for overshoot of the 32 bits of its sums.
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

/**
 * Resizes as Pillow's `Image.resize(size, BILINEAR)` or `BICUBIC` does for 8-bit RGB, bit for bit:
 * horizontally first, fixed-point weights, rounded to 8 bits after each of the two passes.
 *
 * Method: `src/libImaging/Resample.c` of Pillow 9.4.
 *
 * @param emit - takes row `y` of the result, `[width, 3]`; the array is reused
 */
export function resizePillow(
  source: SourceRows,
  { width, height }: ImageSize,
  filter: 'bilinear' | 'bicubic',
  emit: (row: Uint8ClampedArray, y: number) => void,
): void {
  const length = width * 3;
  const columns = fixedPointTaps(source.width, width, filter);
  const rows = fixedPointTaps(source.height, height, filter);
  const window = new RowWindow(
    rows.longest,
    () => new Uint8ClampedArray(length),
    (row, y) => resizeRow(source.read(y), columns, row),
  );
  const sums = new Int32Array(length);
  const result = new Uint8ClampedArray(length);
  for (let y = 0; y < height; y++) {
    const first = rows.first[y]!;
    const count = rows.count[y]!;
    window.advance(first, count);
    sums.fill(HALF);
    for (let tap = 0; tap < count; tap++) {
      addWeighted(sums, window.row(first + tap), rows.weights[y * rows.longest + tap]!);
    }
    for (let i = 0; i < length; i++) result[i] = sums[i]! >> FRACTION_BITS;
    emit(result, y);
  }
}

/** Taps with weights of 22 bits. */
export interface FixedPointTaps extends Omit<Taps, 'weights'> {
  readonly weights: Int32Array; // [outputs, longest]
}

export function fixedPointTaps(
  sourceLength: number,
  outputLength: number,
  filter: 'bilinear' | 'bicubic',
): FixedPointTaps {
  const taps =
    filter === 'bilinear'
      ? triangleTaps(sourceLength, outputLength, 'double')
      : cubicTaps(sourceLength, outputLength);
  // Halves go away from zero: the lobes of the cubic filter are negative.
  const weights = Int32Array.from(
    taps.weights,
    (weight) => weight * (1 << FRACTION_BITS) + Math.sign(weight) * 0.5,
  );
  return { ...taps, weights };
}

function resizeRow({ bytes, offset }: RgbRow, taps: FixedPointTaps, row: Uint8ClampedArray): void {
  const { first, count, weights, longest } = taps;
  for (let x = 0, to = 0; to < row.length; x++, to += 3) {
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    let tap = x * longest;
    const end = tap + count[x]!;
    for (let from = offset + first[x]! * 3; tap < end; tap++, from += 3) {
      const weight = weights[tap]!;
      red += Math.imul(bytes[from]!, weight);
      green += Math.imul(bytes[from + 1]!, weight);
      blue += Math.imul(bytes[from + 2]!, weight);
    }
    row[to] = red >> FRACTION_BITS;
    row[to + 1] = green >> FRACTION_BITS;
    row[to + 2] = blue >> FRACTION_BITS;
  }
}

function addWeighted(sums: Int32Array, row: Uint8ClampedArray, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += Math.imul(row[i]!, weight);
}
