import { assertMaskSize, type Bitmap } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { isRle } from './rle-or-bitmap.ts';
import { assertRle, encodeRle, rleArea, type Rle } from './run-length.ts';
import type { Size } from './size.ts';

/**
 * Which mask each pixel shows when smaller masks lie over larger ones.
 *
 * @param masks - all of the size of the picture; of equal areas the later one lies on top
 * @returns `[height, width]`: 0 where no mask is, 1 for `masks[0]`, 2 for `masks[1]`, ...
 * @throws {@link MaskError} `invalid-size`, `invalid-rle` or `size-mismatch`
 */
export function labelMap(masks: readonly (Rle | Bitmap)[], image: Size): Int32Array {
  assertMaskSize(image);
  const { width, height } = image;
  const rles = masks.map((mask) => (isRle(mask) ? mask : encodeRle(mask)));
  for (const rle of rles) {
    assertRle(rle);
    if (rle.size[0] !== height || rle.size[1] !== width) {
      throw new MaskError(
        'size-mismatch',
        `a mask of ${rle.size[1]}x${rle.size[0]} on an image of ${width}x${height}: wanted masks ` +
          'of the size of the image.',
      );
    }
  }
  const areas = rles.map(rleArea);
  const order = [...rles.keys()].sort((a, b) => areas[b]! - areas[a]!);
  const columns = new Int32Array(width * height); // [width, height], as run lengths lie
  for (const index of order) {
    let position = 0;
    for (const [i, count] of rles[index]!.counts.entries()) {
      if (i % 2 === 1) columns.fill(index + 1, position, position + count);
      position += count;
    }
  }
  return transposed(columns, image);
}

/** In blocks, because each pixel of a column lies in another cache line of the result. */
function transposed(columns: Int32Array, { width, height }: Size): Int32Array {
  const block = 32;
  const rows = new Int32Array(width * height);
  for (let left = 0; left < width; left += block) {
    const right = Math.min(width, left + block);
    for (let y = 0; y < height; y++) {
      for (let x = left; x < right; x++) rows[y * width + x] = columns[x * height + y]!;
    }
  }
  return rows;
}
