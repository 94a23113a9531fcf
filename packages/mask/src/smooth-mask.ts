import { assertBitmap, type Bitmap } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { pictureOf, windowAround } from './mask-window.ts';
import { Mask } from './mask.ts';

/** Box blurs in a row that come close to a Gaussian. */
const PASSES = 3;

/**
 * A mask with a smoother outline: blurred, then cut at a half. Steps, notches and spikes smaller than
 * `radius` go, long edges stay where they are, and corners become round. Beyond its border the picture goes on
 * as it ends there.
 *
 * @param radius - in pixels, about two standard deviations of the blur
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function smoothMask(mask: Bitmap, radius: number): Mask {
  assertBitmap(mask);
  if (!(radius >= 0 && radius < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `smooth by ${radius} pixels: wanted a number from 0 on. 0 changes nothing.`,
    );
  }
  // Three boxes of 2 h + 1 pixels have the variance h (h + 1), of which the root is about h + 0.5.
  const reach = Math.round(radius / 2);
  const window = windowAround(mask, PASSES * reach + 1);
  if (window === undefined || reach === 0) return Mask.fromBitmap(mask);
  const { width, box } = window;
  let values: Float32Array = new Float32Array(window.data);
  let other: Float32Array = new Float32Array(values.length);
  for (let pass = 0; pass < PASSES; pass++) {
    blurRows(values, width, reach);
    blurColumns(values, width, reach, other);
    [values, other] = [other, values];
  }
  // Means of a straight edge are a half on it: neither side of it may win by a rounding.
  const inside = new Uint8Array(values.length);
  for (let i = 0; i < inside.length; i++) inside[i] = values[i]! > 0.5 + 1e-4 ? 1 : 0;
  const data = pictureOf(inside, box, mask);
  return Mask.fromBitmap({ width: mask.width, height: mask.height, data });
}

/** Means over `2 * reach + 1` values along each row, in place. */
function blurRows(values: Float32Array, width: number, reach: number): void {
  const count = 2 * reach + 1;
  const line = new Float64Array(width + 2 * reach);
  for (let row = 0; row < values.length; row += width) {
    line.fill(values[row]!, 0, reach);
    line.set(values.subarray(row, row + width), reach);
    line.fill(values[row + width - 1]!, reach + width);
    let sum = 0;
    for (let i = 0; i < count - 1; i++) sum += line[i]!;
    for (let x = 0; x < width; x++) {
      sum += line[x + count - 1]!;
      values[row + x] = sum / count;
      sum -= line[x]!;
    }
  }
}

/** The same along each column, row by row for the sake of the cache. */
function blurColumns(
  values: Float32Array,
  width: number,
  reach: number,
  result: Float32Array,
): void {
  const height = values.length / width;
  const count = 2 * reach + 1;
  const sums = new Float64Array(width);
  const add = (y: number, sign: 1 | -1): void => {
    const row = Math.min(Math.max(y, 0), height - 1) * width;
    for (let x = 0; x < width; x++) sums[x]! += sign * values[row + x]!;
  };
  for (let y = -reach; y < reach; y++) add(y, 1);
  for (let y = 0; y < height; y++) {
    add(y + reach, 1);
    const row = y * width;
    for (let x = 0; x < width; x++) result[row + x] = sums[x]! / count;
    add(y - reach, -1);
  }
}
