import { assertBitmap, assertMaskSize, createBitmap, type Bitmap } from '../bitmap.ts';
import type { Box } from '../box.ts';
import { MaskError } from '../mask-error.ts';
import { isRle } from '../rle-or-bitmap.ts';
import { assertRle, type Rle } from '../run-length.ts';
import { RunEdges } from '../run-edges.ts';
import type { Size } from '../size.ts';

/**
 * The mask of a crop as a mask of the whole picture: nothing is inside beside the crop
 * (`uncrop_masks` of segment-anything).
 *
 * @param mask - of the size of the crop
 * @param crop - in pixels of the picture
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-rle`
 */
export function uncropMask(mask: Bitmap, crop: Box, image: Size): Bitmap;
export function uncropMask(mask: Rle, crop: Box, image: Size): Rle;
export function uncropMask(mask: Bitmap | Rle, crop: Box, image: Size): Bitmap | Rle {
  assertMaskSize(image);
  const { x, y, width, height } = crop;
  const size = isRle(mask) ? { width: mask.size[1], height: mask.size[0] } : mask;
  const isInside =
    [x, y].every((value) => Number.isInteger(value) && value >= 0) &&
    x + width <= image.width &&
    y + height <= image.height;
  if (size.width !== width || size.height !== height || !isInside) {
    throw new MaskError(
      'size-mismatch',
      `a mask of ${size.width}x${size.height} for the crop at (${x}, ${y}) of ${width}x${height} in ` +
        `an image of ${image.width}x${image.height}: wanted a mask of the crop's size and a crop ` +
        'inside the image.',
    );
  }
  return isRle(mask) ? uncropRle(mask, crop, image) : uncropBitmap(mask, crop, image);
}

function uncropBitmap(bitmap: Bitmap, crop: Box, image: Size): Bitmap {
  assertBitmap(bitmap);
  const result = createBitmap(image.width, image.height);
  for (let y = 0; y < crop.height; y++) {
    const row = bitmap.data.subarray(y * crop.width, (y + 1) * crop.width);
    result.data.set(row, (crop.y + y) * image.width + crop.x);
  }
  return result;
}

function uncropRle(rle: Rle, crop: Box, image: Size): Rle {
  assertRle(rle);
  const edges = new RunEdges();
  let position = 0;
  for (const [i, count] of rle.counts.entries()) {
    const end = position + count;
    if (i % 2 === 1) {
      // A run that goes on in the next column of the crop is cut where the crop ends.
      for (let from = position; from < end;) {
        const column = Math.floor(from / crop.height);
        const to = Math.min(end, (column + 1) * crop.height);
        const base = (crop.x + column) * image.height + crop.y - column * crop.height;
        edges.add(base + from, base + to);
        from = to;
      }
    }
    position = end;
  }
  return edges.toRle(image);
}
