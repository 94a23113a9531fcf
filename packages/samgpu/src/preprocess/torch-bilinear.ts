import { type Taps, triangleTaps } from './filter-taps.ts';
import type { ImageSize } from './frame.ts';
import { RowWindow } from './row-window.ts';
import type { RgbRow, SourceRows } from './source-rows.ts';

/**
 * Resizes floats in 0..1 as PyTorch's bilinear `interpolate` with `align_corners=False` does.
 *
 * With `antialias` the filter widens when shrinking (torchvision's `Resize` on tensors); without,
 * each output blends the four nearest pixels, whatever the step. Sums are kept in f64, so results
 * differ from PyTorch's f32 by a few units in the last place.
 *
 * @param emit - takes row `y` of the result, `[width, 3]` in 0..1; the array is reused
 */
export function resizeTorchBilinear(
  source: SourceRows,
  { width, height }: ImageSize,
  { antialias }: { readonly antialias: boolean },
  emit: (row: Float32Array, y: number) => void,
): void {
  const length = width * 3;
  const columns = torchTaps(source.width, width, antialias);
  const rows = torchTaps(source.height, height, antialias);
  const window = new RowWindow(
    rows.longest,
    () => new Float32Array(length),
    (row, y) => resizeRow(source.read(y), columns, row),
  );
  const sums = new Float64Array(length);
  const result = new Float32Array(length);
  for (let y = 0; y < height; y++) {
    const first = rows.first[y]!;
    const count = rows.count[y]!;
    window.advance(first, count);
    sums.fill(0);
    for (let tap = 0; tap < count; tap++) {
      addWeighted(sums, window.row(first + tap), rows.weights[y * rows.longest + tap]!);
    }
    result.set(sums);
    emit(result, y);
  }
}

export function torchTaps(sourceLength: number, outputLength: number, antialias: boolean): Taps {
  return antialias
    ? triangleTaps(sourceLength, outputLength, 'single')
    : nearestTwoTaps(sourceLength, outputLength);
}

// PyTorch rounds the step to f32 and nothing after it, so far from the origin positions drift. The
// drift moves the weights by more than the f32 step of a pixel and is reproduced.
function nearestTwoTaps(sourceLength: number, outputLength: number): Taps {
  const longest = Math.min(2, sourceLength);
  const first = new Int32Array(outputLength);
  const count = new Int32Array(outputLength).fill(longest);
  const weights = new Float64Array(outputLength * longest);
  const step = Math.fround(sourceLength / outputLength);
  for (let output = 0; output < outputLength; output++) {
    const position = Math.max(0, step * (output + 0.5) - 0.5);
    const nearest = Math.min(Math.trunc(position), sourceLength - 1);
    // The last pixel has no right neighbour; the pair then ends with it.
    const start = Math.min(nearest, sourceLength - longest);
    const weight = nearest === start ? Math.fround(position - nearest) : 1;
    first[output] = start;
    weights[output * longest] = longest === 1 ? 1 : 1 - weight;
    if (longest === 2) weights[output * longest + 1] = weight;
  }
  return { first, count, weights, longest };
}

function resizeRow({ bytes, offset }: RgbRow, taps: Taps, row: Float32Array): void {
  const { first, count, weights, longest } = taps;
  for (let x = 0, to = 0; to < row.length; x++, to += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let tap = x * longest;
    const end = tap + count[x]!;
    for (let from = offset + first[x]! * 3; tap < end; tap++, from += 3) {
      const weight = weights[tap]!;
      red += bytes[from]! * weight;
      green += bytes[from + 1]! * weight;
      blue += bytes[from + 2]! * weight;
    }
    row[to] = red / 255;
    row[to + 1] = green / 255;
    row[to + 2] = blue / 255;
  }
}

function addWeighted(sums: Float64Array, row: Float32Array, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += row[i]! * weight;
}
