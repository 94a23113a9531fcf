import type { ImageSize } from './frame.ts';
import { RowWindow } from './row-window.ts';
import type { RgbRow, SourceRows } from './source-rows.ts';
import type { Taps } from './filter-taps.ts';

// Parts of a pixel below this share are left out.
const LEAST_SHARE = 1e-3;

/**
 * Shrinks as OpenCV's 8-bit `INTER_AREA` does: each output pixel is the mean of the source area
 * under it. Whole steps average integers, others weigh in f32, in OpenCV's order of additions.
 *
 * Method: `modules/imgproc/src/resize.cpp` of OpenCV 4.6.
 *
 * @param size - not greater than the source on either axis
 * @param emit - takes row `y` of the result, `[width, 3]`; the array is reused
 */
export function resizeOpencvArea(
  source: SourceRows,
  size: ImageSize,
  emit: (row: Uint8ClampedArray, y: number) => void,
): void {
  const stepX = wholeStep(source.width, size.width);
  const stepY = wholeStep(source.height, size.height);
  if (stepX !== undefined && stepY !== undefined) averageBlocks(source, size, stepX, stepY, emit);
  else averageAreas(source, size, emit);
}

/** The step from one output position to the next if OpenCV takes it for a whole number. */
export function wholeStep(sourceLength: number, outputLength: number): number | undefined {
  const step = opencvStep(sourceLength, outputLength);
  const whole = Math.round(step);
  return Math.abs(step - whole) < Number.EPSILON ? whole : undefined;
}

// OpenCV inverts the inverse, so a few whole ratios are not quite whole (49 to 1 is 49.00000000000001)
// and take the other path.
function opencvStep(sourceLength: number, outputLength: number): number {
  return 1 / (outputLength / sourceLength);
}

function averageBlocks(
  source: SourceRows,
  { width, height }: ImageSize,
  stepX: number,
  stepY: number,
  emit: (row: Uint8ClampedArray, y: number) => void,
): void {
  const length = width * 3;
  const sums = new Int32Array(length);
  const result = new Uint8ClampedArray(length);
  const share = Math.fround(1 / (stepX * stepY));
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let row = y * stepY; row < (y + 1) * stepY; row++)
      addBlocks(source.read(row), stepX, sums);
    if (stepX === 2 && stepY === 2) {
      for (let i = 0; i < length; i++) result[i] = (sums[i]! + 2) >> 2;
    } else {
      // A clamped array rounds halves to even when it stores, as OpenCV's saturate_cast does.
      for (let i = 0; i < length; i++) result[i] = Math.fround(Math.fround(sums[i]!) * share);
    }
    emit(result, y);
  }
}

function addBlocks({ bytes, offset }: RgbRow, step: number, sums: Int32Array): void {
  let from = offset;
  for (let to = 0; to < sums.length; to += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let i = 0; i < step; i++, from += 3) {
      red += bytes[from]!;
      green += bytes[from + 1]!;
      blue += bytes[from + 2]!;
    }
    sums[to]! += red;
    sums[to + 1]! += green;
    sums[to + 2]! += blue;
  }
}

function averageAreas(
  source: SourceRows,
  { width, height }: ImageSize,
  emit: (row: Uint8ClampedArray, y: number) => void,
): void {
  const length = width * 3;
  const columns = areaTaps(source.width, width);
  const rows = areaTaps(source.height, height);
  const window = new RowWindow(
    rows.longest,
    () => new Float32Array(length),
    (row, y) => reduceRow(source.read(y), columns, row),
  );
  const sums = new Float32Array(length);
  const result = new Uint8ClampedArray(length);
  for (let y = 0; y < height; y++) {
    const first = rows.first[y]!;
    const count = rows.count[y]!;
    window.advance(first, count);
    sums.fill(0);
    for (let tap = 0; tap < count; tap++) {
      addWeighted(sums, window.row(first + tap), rows.weights[y * rows.longest + tap]!);
    }
    result.set(sums); // rounds halves to even
    emit(result, y);
  }
}

/** The source positions that an output position covers at least in part, and their shares. */
export function areaTaps(sourceLength: number, outputLength: number): Taps {
  const step = opencvStep(sourceLength, outputLength);
  const longest = Math.min(Math.ceil(step) + 1, sourceLength);
  const first = new Int32Array(outputLength);
  const count = new Int32Array(outputLength);
  const weights = new Float64Array(outputLength * longest); // holds f32 values
  for (let output = 0; output < outputLength; output++) {
    const start = output * step;
    const end = start + step;
    const span = Math.min(step, sourceLength - start);
    const lastWhole = Math.min(Math.floor(end), sourceLength - 1);
    const firstWhole = Math.min(Math.ceil(start), lastWhole);
    const startsInside = firstWhole - start > LEAST_SHARE;
    first[output] = startsInside ? firstWhole - 1 : firstWhole;
    let next = output * longest;
    if (startsInside) weights[next++] = Math.fround((firstWhole - start) / span);
    for (let source = firstWhole; source < lastWhole; source++) {
      weights[next++] = Math.fround(1 / span);
    }
    if (end - lastWhole > LEAST_SHARE) {
      weights[next++] = Math.fround(Math.min(end - lastWhole, 1, span) / span);
    }
    count[output] = next - output * longest;
  }
  return { first, count, weights, longest };
}

// Every sum is rounded to f32 as it is made: the result can lie exactly between two levels.
function reduceRow({ bytes, offset }: RgbRow, taps: Taps, row: Float32Array): void {
  const { first, count, weights, longest } = taps;
  for (let x = 0, to = 0; to < row.length; x++, to += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let tap = x * longest;
    const end = tap + count[x]!;
    for (let from = offset + first[x]! * 3; tap < end; tap++, from += 3) {
      const share = weights[tap]!;
      red = Math.fround(red + Math.fround(bytes[from]! * share));
      green = Math.fround(green + Math.fround(bytes[from + 1]! * share));
      blue = Math.fround(blue + Math.fround(bytes[from + 2]! * share));
    }
    row[to] = red;
    row[to + 1] = green;
    row[to + 2] = blue;
  }
}

function addWeighted(sums: Float32Array, row: Float32Array, weight: number): void {
  for (let i = 0; i < sums.length; i++) {
    sums[i] = Math.fround(sums[i]! + Math.fround(row[i]! * weight));
  }
}
