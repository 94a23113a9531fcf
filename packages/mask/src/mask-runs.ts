import type { Bitmap } from './bitmap.ts';
import { Mask } from './mask.ts';
import { encodeRle, type Rle } from './run-length.ts';

/**
 * The runs of a mask, for what changes its outline: a photograph has millions of pixels, and the mask in it
 * some ten thousand runs. Masks that were made of runs are not decoded for it.
 *
 * @throws MaskError `invalid-size` or `size-mismatch`
 */
export function runsOf(mask: Bitmap): Rle {
  return mask instanceof Mask ? mask.toRle() : encodeRle(mask);
}
