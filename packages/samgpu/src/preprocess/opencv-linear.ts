import type { ImageSize } from './frame.ts';
import { RowWindow } from './row-window.ts';
import type { RgbRow, SourceRows } from './source-rows.ts';

const COEFFICIENT_ONE = 2048;

/** The two neighbours that an output position blends, with 11-bit weights. */
export interface LinearTaps {
  /** The first may lie before the source, the second after it: the pixel at the edge stands for both. */
  readonly first: Int32Array; // [outputs]
  readonly weights: Int32Array; // [outputs, 2]
}

/**
 * Where an output position falls: `linear` aligns the edges of the images; `area` is what
 * `INTER_AREA` does where an axis grows, sharp steps with a blend only where they meet.
 */
export type LinearPlacement = 'linear' | 'area';

/**
 * Resizes as OpenCV's generic 8-bit `INTER_LINEAR` path does: 11-bit weights, and a vertical pass
 * that drops low bits before it multiplies.
 *
 * Method: `modules/imgproc/src/resize.cpp` of OpenCV 4.6.
 *
 * @param emit - takes row `y` of the result, `[width, 3]`; the array is reused
 */
export function resizeOpencvLinear(
  source: SourceRows,
  { width, height }: ImageSize,
  placement: LinearPlacement,
  emit: (row: Uint8ClampedArray, y: number) => void,
): void {
  const length = width * 3;
  const columns = placeTaps(source.width, width, placement, 'columns');
  const rows = placeTaps(source.height, height, placement, 'rows');
  const window = new RowWindow(
    2,
    () => new Int32Array(length),
    (row, y) => resizeRow(source.read(y), source.width, columns, row),
  );
  const result = new Uint8ClampedArray(length);
  for (let y = 0; y < height; y++) {
    const first = clampIndex(rows.first[y]!, source.height);
    const second = clampIndex(rows.first[y]! + 1, source.height);
    window.advance(first, second - first + 1);
    const upper = window.row(first);
    const lower = window.row(second);
    const upperWeight = rows.weights[y * 2]!;
    const lowerWeight = rows.weights[y * 2 + 1]!;
    for (let i = 0; i < length; i++) {
      const above = Math.imul(upperWeight, upper[i]! >> 4) >> 16;
      const below = Math.imul(lowerWeight, lower[i]! >> 4) >> 16;
      result[i] = (above + below + 2) >> 2;
    }
    emit(result, y);
  }
}

// Columns that reach over an edge take the pixel at the edge alone. Rows keep their two weights and
// have the row numbers clamped instead, which rounds differently.
export function placeTaps(
  sourceLength: number,
  outputLength: number,
  placement: LinearPlacement,
  axis: 'columns' | 'rows',
): LinearTaps {
  const first = new Int32Array(outputLength);
  const weights = new Int32Array(outputLength * 2);
  const last = sourceLength - 1;
  for (let output = 0; output < outputLength; output++) {
    let [nearest, fraction] = place(output, sourceLength, outputLength, placement);
    if (axis === 'columns' && nearest < 0) [nearest, fraction] = [0, 0];
    if (axis === 'columns' && nearest >= last) [nearest, fraction] = [last, 0];
    first[output] = nearest;
    weights[output * 2] = toCoefficient(1 - fraction);
    weights[output * 2 + 1] = toCoefficient(fraction);
  }
  return { first, weights };
}

function clampIndex(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}

function place(
  output: number,
  sourceLength: number,
  outputLength: number,
  placement: LinearPlacement,
): [nearest: number, fraction: number] {
  const inverseStep = outputLength / sourceLength;
  const step = 1 / inverseStep;
  if (placement === 'linear') {
    const position = Math.fround((output + 0.5) * step - 0.5);
    const nearest = Math.floor(position);
    return [nearest, Math.fround(position - nearest)];
  }
  const nearest = Math.floor(output * step);
  const fraction = Math.fround(output + 1 - (nearest + 1) * inverseStep);
  return [nearest, fraction <= 0 ? 0 : Math.fround(fraction - Math.floor(fraction))];
}

// OpenCV rounds halves to even here. A fraction in f32 times 2048 is exact.
function toCoefficient(fraction: number): number {
  const scaled = Math.fround(fraction) * COEFFICIENT_ONE;
  const below = Math.floor(scaled);
  if (scaled - below !== 0.5) return Math.round(scaled);
  return below % 2 === 0 ? below : below + 1;
}

function resizeRow(
  { bytes, offset }: RgbRow,
  width: number,
  { first, weights }: LinearTaps,
  row: Int32Array,
): void {
  for (let x = 0, to = 0; to < row.length; x++, to += 3) {
    const left = offset + clampIndex(first[x]!, width) * 3;
    const right = offset + clampIndex(first[x]! + 1, width) * 3;
    const leftWeight = weights[x * 2]!;
    const rightWeight = weights[x * 2 + 1]!;
    for (let channel = 0; channel < 3; channel++) {
      row[to + channel] =
        bytes[left + channel]! * leftWeight + bytes[right + channel]! * rightWeight;
    }
  }
}
