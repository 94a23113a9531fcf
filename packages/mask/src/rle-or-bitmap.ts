import type { Bitmap } from './bitmap.ts';
import type { Rle } from './run-length.ts';

/** Tells the two forms of a mask apart. */
export function isRle(mask: Rle | Bitmap): mask is Rle {
  return 'counts' in mask;
}
