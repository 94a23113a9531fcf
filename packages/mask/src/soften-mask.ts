import type { AlphaMask } from './alpha-mask.ts';
import { assertBitmap, type Bitmap } from './bitmap.ts';
import { distanceTransform } from './distance-transform.ts';
import { MaskError } from './mask-error.ts';
import { Mask } from './mask.ts';

/**
 * A mask with a soft edge: alpha rises from 0 to 255 over `radius` pixels to both sides of the outline,
 * along a smooth step. Unlike a blur it keeps thin parts.
 *
 * @param radius - in pixels
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function featherMask(mask: Bitmap, radius: number): AlphaMask {
  assertBitmap(mask);
  assertRadius('feather', radius);
  const { width, height } = mask;
  const alpha = new Uint8Array(width * height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  const distances = distanceTransform(mask, { signed: true, limit: radius + 2 });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // The outline lies half a pixel from the centres beside it.
      const distance = distances[y * width + x]!;
      const outward = distance > 0 ? distance - 0.5 : distance + 0.5;
      const share = radius === 0 ? (outward < 0 ? 1 : 0) : 0.5 - outward / (2 * radius);
      const t = Math.min(1, Math.max(0, share));
      const value = Math.round(255 * t * t * (3 - 2 * t));
      if (value === 0) continue;
      alpha[y * width + x] = value;
      if (x < left) left = x;
      if (x > right) right = x;
      if (top === height) top = y;
      bottom = y;
    }
  }
  const bounds =
    right < 0
      ? { x: 0, y: 0, width: 0, height: 0 }
      : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  return { width, height, bounds, alpha };
}

/**
 * A mask with a smoother outline: each pixel becomes what most pixels around it are. Steps and notches
 * smaller than `radius` go, long edges stay.
 *
 * @param radius - of the square around each pixel, in pixels
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function smoothMask(mask: Bitmap, radius: number): Mask {
  assertBitmap(mask);
  assertRadius('smooth', radius);
  const { width, height, data } = mask;
  const reach = Math.round(radius);
  const sums = new Int32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
      const inside =
        sums[bottom * (width + 1) + right]! -
        sums[top * (width + 1) + right]! -
        sums[bottom * (width + 1) + left]! +
        sums[top * (width + 1) + left]!;
      const area = (bottom - top) * (right - left);
      result[y * width + x] = inside * 2 > area ? 1 : 0;
    }
  }
  return Mask.fromBitmap({ width, height, data: result });
}

function assertRadius(what: string, radius: number): void {
  if (!(radius >= 0 && radius < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `${what} with radius ${radius}: wanted a number of pixels from 0 on.`,
    );
  }
}
