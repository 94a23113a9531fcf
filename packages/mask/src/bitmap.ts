import type { Box } from './box.ts';
import { isValidSize, type Size } from './size.ts';
import { MaskError } from './mask-error.ts';

/**
 * One byte per pixel, row by row from the top left: 1 inside the object, 0 outside.
 *
 * Functions of this folder rely on 0 and 1 being the only values; {@link bitmapFrom} makes a
 * bitmap from bytes that may hold others.
 */
export interface Bitmap extends Size {
  readonly data: Uint8Array; // [height, width]
}

/** Run lengths and pixel indices are 32-bit signed, so this many pixels is the most a mask has. */
export const maximumPixels: number = 2 ** 31 - 1;

/**
 * @throws {@link MaskError} `invalid-size`
 */
export function assertMaskSize(size: Size): void {
  if (!isValidSize(size) || size.width * size.height > maximumPixels) {
    throw new MaskError(
      'invalid-size',
      `a mask of ${size.width}x${size.height}: width and height must be whole numbers from 1 on ` +
        `with at most ${maximumPixels} pixels together. Give the size of the original image.`,
    );
  }
}

/**
 * Checks size and length (not the values, which would cost a pass over all pixels).
 *
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function assertBitmap(bitmap: Bitmap): void {
  assertMaskSize(bitmap);
  const wanted = bitmap.width * bitmap.height;
  if (bitmap.data.length !== wanted) {
    throw new MaskError(
      'size-mismatch',
      `bitmap data of ${bitmap.data.length} bytes for ${bitmap.width}x${bitmap.height}: wanted ` +
        `${wanted}, one byte per pixel. For RGBA pixels pass one channel only.`,
    );
  }
}

/** An empty (all 0) bitmap. */
export function createBitmap(width: number, height: number): Bitmap {
  assertMaskSize({ width, height });
  return { width, height, data: new Uint8Array(width * height) };
}

/**
 * Copies bytes or booleans into a bitmap; everything that is not 0 becomes 1.
 *
 * @param values - `[height, width]`, for example a 0/255 alpha channel
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function bitmapFrom(
  values: ArrayLike<number | boolean>,
  width: number,
  height: number,
): Bitmap {
  const bitmap = createBitmap(width, height);
  const { data } = bitmap;
  if (values.length !== data.length) {
    throw new MaskError(
      'size-mismatch',
      `${values.length} mask values for ${width}x${height}: wanted ${data.length}, one per pixel. ` +
        'For RGBA pixels pass one channel only.',
    );
  }
  if (values instanceof Uint8Array) {
    // The usual case, in a loop of its own that engines make quick.
    for (let i = 0; i < data.length; i++) data[i] = values[i] === 0 ? 0 : 1;
    return bitmap;
  }
  for (let i = 0; i < data.length; i++) {
    const value = values[i]!;
    // NaN counts as outside.
    if (value === true || (value !== false && Math.abs(value) > 0)) data[i] = 1;
  }
  return bitmap;
}

/** Of each pixel the other value. */
export function inverted(data: Uint8Array): Uint8Array {
  const result = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = 1 - data[i]!;
  return result;
}

/** Number of pixels inside. */
export function bitmapArea({ data }: Bitmap): number {
  let area = 0;
  for (let i = 0; i < data.length; i++) area += data[i]!;
  return area;
}

/** The smallest box around all pixels inside; all zeros for an empty bitmap. */
export function bitmapBounds({ width, data }: Bitmap): Box {
  const first = data.indexOf(1);
  if (first < 0) return { x: 0, y: 0, width: 0, height: 0 };
  const top = Math.floor(first / width);
  const bottom = Math.floor(data.lastIndexOf(1) / width);
  let left = width;
  let right = -1;
  for (let y = top; y <= bottom; y++) {
    const row = y * width;
    // Only what lies beside the box found so far can widen it.
    for (let x = 0; x < left; x++) if (data[row + x] !== 0) left = x;
    for (let x = width - 1; x > right; x--) if (data[row + x] !== 0) right = x;
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * @throws {@link MaskError} `size-mismatch` when the two differ in size
 */
export function assertSameSize(first: Size, second: Size): void {
  if (first.width !== second.width || first.height !== second.height) {
    throw new MaskError(
      'size-mismatch',
      `masks of ${first.width}x${first.height} and ${second.width}x${second.height}: both must ` +
        'belong to the same image. Resize or crop one of them first.',
    );
  }
}
