// COCO's run lengths: the mask is read column by column from the top left, and `counts` alternates
// between pixels outside (first, possibly 0) and pixels inside. Bitmaps lie row by row, and walking
// one down its columns would touch a new cache line per pixel. So both directions work by rows:
// what matters are only the pixels that differ from the one above, of which there are few.

import type { Box } from './box.ts';
import {
  assertBitmap,
  assertMaskSize,
  createBitmap,
  maximumPixels,
  type Bitmap,
} from './bitmap.ts';
import { MaskError } from './mask-error.ts';

/** A mask as uncompressed COCO run lengths. */
export interface Rle {
  /** `[height, width]`, in this order. */
  readonly size: readonly [height: number, width: number];
  /** Runs down the columns: outside, inside, outside, ... Their sum is `height * width`. */
  readonly counts: readonly number[];
}

/**
 * Run lengths of a bitmap, equal to those of pycocotools and of the official `mask_to_rle_pytorch`.
 *
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function encodeRle(bitmap: Bitmap): Rle {
  assertBitmap(bitmap);
  const { width, height } = bitmap;
  const changes = sortedChanges(bitmap);
  const counts: number[] = [];
  let previous = 0;
  for (const position of changes) {
    counts.push(position - previous);
    previous = position;
  }
  if (previous < width * height) counts.push(width * height - previous);
  return { size: [height, width], counts };
}

/** Positions in column order whose pixel differs from the one before; before the first comes 0. */
function sortedChanges({ width, height, data }: Bitmap): Int32Array {
  const perColumn = new Int32Array(width + 1);
  const lastRow = (height - 1) * width;
  for (let x = 0; x < width; x++) {
    const before = x === 0 ? 0 : data[lastRow + x - 1]!;
    perColumn[x + 1]! += data[x]! ^ before;
  }
  for (let row = width; row < data.length; row += width) {
    for (let x = 0; x < width; x++) perColumn[x + 1]! += data[row + x]! ^ data[row + x - width]!;
  }

  for (let x = 0; x < width; x++) perColumn[x + 1]! += perColumn[x]!;
  const changes = new Int32Array(perColumn[width]!);
  const next = perColumn; // Of each column: where its next change goes.
  for (let x = 0; x < width; x++) {
    const before = x === 0 ? 0 : data[lastRow + x - 1]!;
    if (data[x] !== before) changes[next[x]!++] = x * height;
  }
  for (let y = 1; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      if (data[row + x] !== data[row + x - width]) changes[next[x]!++] = x * height + y;
    }
  }
  return changes;
}

/**
 * Checks run lengths as they come from files.
 *
 * @throws {@link MaskError} `invalid-size` or `invalid-rle`
 */
export function assertRle(rle: Rle): void {
  const { size, counts } = rle;
  if (!Array.isArray(size) || size.length !== 2) {
    throw new MaskError('invalid-rle', 'RLE size: wanted [height, width] as COCO writes it.');
  }
  const [height, width] = size as readonly [number, number];
  assertMaskSize({ width, height });
  if (!Array.isArray(counts)) {
    throw new MaskError(
      'invalid-rle',
      `RLE counts of type ${typeof counts}: wanted an array of run lengths. ` +
        'Pass a compressed string through fromCompressedRle first.',
    );
  }
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    if (!Number.isInteger(count) || count < 0 || count > maximumPixels) {
      throw new MaskError(
        'invalid-rle',
        `RLE counts[${i}] is ${String(count)}: wanted a whole number of pixels from 0 on.`,
      );
    }
    sum += count;
  }
  if (sum !== width * height) {
    throw new MaskError(
      'invalid-rle',
      `RLE counts sum to ${sum} for size [${height}, ${width}]: wanted ${width * height}. ` +
        'Check that size is [height, width] and that the counts are complete.',
    );
  }
}

/**
 * The bitmap that run lengths describe.
 *
 * @throws {@link MaskError} `invalid-size` or `invalid-rle`
 */
export function decodeRle(rle: Rle): Bitmap {
  assertRle(rle);
  const [height, width] = rle.size;
  const bitmap = createBitmap(width, height);
  const { data } = bitmap;
  // First mark where a column changes, then add the marks up down the rows.
  let position = 0;
  let inside = 0;
  let column = 0;
  for (const count of rle.counts) {
    const end = position + count;
    for (; column < width && column * height < end; column++) data[column] = inside;
    if (end < width * height && end % height !== 0) {
      data[(end % height) * width + Math.floor(end / height)]! ^= 1;
    }
    position = end;
    inside ^= 1;
  }
  for (let i = width; i < data.length; i++) data[i]! ^= data[i - width]!;
  return bitmap;
}

/** Number of pixels inside. The run lengths must be valid, see {@link assertRle}. */
export function rleArea({ counts }: Rle): number {
  let area = 0;
  for (let i = 1; i < counts.length; i += 2) area += counts[i]!;
  return area;
}

/** Everything that is not in a mask. Before the first run inside there is one outside, which may be empty. */
export function rleComplement({ size, counts }: Rle): Rle {
  return { size, counts: counts[0] === 0 ? counts.slice(1) : [0, ...counts] };
}

/** The smallest box around all pixels inside, straight from the runs; zeros for an empty mask. */
export function rleBounds({ size: [height], counts }: Rle): Box {
  let left = -1;
  let right = -1;
  let top = height;
  let bottom = -1;
  let position = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (i % 2 === 1 && count > 0) {
      const last = position + count - 1;
      const firstColumn = Math.floor(position / height);
      const lastColumn = Math.floor(last / height);
      if (left < 0) left = firstColumn;
      right = lastColumn;
      const spansColumns = lastColumn > firstColumn;
      top = spansColumns ? 0 : Math.min(top, position % height);
      bottom = spansColumns ? height - 1 : Math.max(bottom, last % height);
    }
    position += count;
  }
  if (left < 0) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
