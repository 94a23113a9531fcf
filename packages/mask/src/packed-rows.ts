import { createBitmap, type Bitmap } from './bitmap.ts';
import { MaskError } from './mask-error.ts';

/**
 * A bitmap from a bit per pixel, as GPUs write them.
 *
 * @param words - `[height, ceil(width / 32)]`: rows that begin with a word each, the leftmost pixel
 *   in the lowest bit; bits past the width are not looked at
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function unpackRows(words: Uint32Array, width: number, height: number): Bitmap {
  const bitmap = createBitmap(width, height);
  const { data } = bitmap;
  const perRow = Math.ceil(width / 32);
  if (words.length !== perRow * height) {
    throw new MaskError(
      'size-mismatch',
      `${words.length} words of bits for ${width}x${height}: wanted ${perRow * height}, rows of ` +
        `${perRow}.`,
    );
  }
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < perRow; i++) {
      const word = words[y * perRow + i]!;
      if (word === 0) continue; // The bitmap is 0 already.
      const start = y * width + i * 32;
      const end = Math.min(start + 32, (y + 1) * width);
      if (word === 0xffffffff) data.fill(1, start, end);
      else for (let at = start, rest = word; at < end; at++, rest >>>= 1) data[at] = rest & 1;
    }
  }
  return bitmap;
}
