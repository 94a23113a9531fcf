import { assertBitmap, type Bitmap } from './bitmap.ts';
import { distanceTransform } from './distance-transform.ts';
import { MaskError } from './mask-error.ts';
import { Mask } from './mask.ts';

/**
 * The mask with all pixels at most `pixels` away from it: a dilation by a disc.
 *
 * @param pixels - between centres of pixels; may be a fraction
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function growMask(mask: Bitmap, pixels: number): Mask {
  return atDistance(mask, pixels, 'grow', (distance) => distance <= pixels);
}

/**
 * The mask without all pixels at most `pixels` away from what is outside: an erosion by a disc. What
 * lies beyond the border of the picture does not count as outside.
 *
 * @param pixels - between centres of pixels; may be a fraction
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function shrinkMask(mask: Bitmap, pixels: number): Mask {
  return atDistance(mask, pixels, 'shrink', (distance) => distance < -pixels);
}

function atDistance(
  mask: Bitmap,
  pixels: number,
  what: string,
  isInside: (distance: number) => boolean,
): Mask {
  assertBitmap(mask);
  if (!(pixels >= 0 && pixels < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `${what} by ${pixels} pixels: wanted a number from 0 on. To go the other way, use the other function.`,
    );
  }
  const { width, height } = mask;
  const distances = distanceTransform(mask, { signed: true, limit: pixels + 2 });
  const data = new Uint8Array(distances.length);
  for (let i = 0; i < data.length; i++) data[i] = isInside(distances[i]!) ? 1 : 0;
  return Mask.fromBitmap({ width, height, data });
}
