import type { Bitmap } from './bitmap.ts';
import type { Box } from './box.ts';
import { MaskError } from './mask-error.ts';
import type { Rle } from './run-length.ts';
import type { Size } from './size.ts';

/** Which part of a mask, and how much smaller. */
export interface ReduceOptions {
  /** Whole pixels within the mask. Default: all of it. */
  readonly region?: Box;
  /** Its sides are divided by 2 to the power of this, 0 to 15, and rounded up. Default 0. */
  readonly level?: number;
}

/** Of what stands for a pixel of the result, this share has to be inside: thin things stay in sight. */
const LEAST_SHARE = 0.25;

/** @throws {@link MaskError} `invalid-option` */
export function checkReduction(
  mask: Size,
  { region = { x: 0, y: 0, width: mask.width, height: mask.height }, level = 0 }: ReduceOptions,
): Required<ReduceOptions> {
  const { x, y, width, height } = region;
  const isWithin =
    [x, y, width, height].every((value) => Number.isSafeInteger(value)) &&
    x >= 0 &&
    y >= 0 &&
    width > 0 &&
    height > 0 &&
    x + width <= mask.width &&
    y + height <= mask.height;
  if (!isWithin || !Number.isInteger(level) || level < 0 || level > 15) {
    throw new MaskError(
      'invalid-option',
      `part { x: ${x}, y: ${y}, width: ${width}, height: ${height} } at level ${level} of a mask of ` +
        `${mask.width}x${mask.height}: wanted whole pixels within it, and a level from 0 to 15.`,
    );
  }
  return { region, level };
}

/** Reads each pixel of the region once. */
export function reduceBitmap(
  { width: pitch, data: source }: Bitmap,
  { region, level }: Required<ReduceOptions>,
): Bitmap {
  const blocks = new Blocks(region, level);
  for (let row = 0; row < region.height; row++) {
    const start = (region.y + row) * pitch + region.x;
    if (level === 0) {
      blocks.row(row).set(source.subarray(start, start + region.width));
      continue;
    }
    const counts = blocks.row(row);
    for (let x = 0; x < region.width; x++) counts[x >> level]! += source[start + x]!;
  }
  return blocks.finish();
}

/** Reads the runs that meet the columns of the region, and no pixels. */
export function reduceRle(
  { size: [height], counts }: Rle,
  { region, level }: Required<ReduceOptions>,
): Bitmap {
  const blocks = new Blocks(region, level);
  const [first, end] = [region.x * height, (region.x + region.width) * height];
  const bottom = region.y + region.height;
  let from = 0;
  for (const [i, count] of counts.entries()) {
    const to = from + count;
    if (i % 2 === 1 && to > first && from < end) {
      let at = Math.max(from, first);
      const stop = Math.min(to, end);
      while (at < stop) {
        const column = Math.floor(at / height);
        const next = Math.min(stop, (column + 1) * height);
        const top = Math.max(region.y, at - column * height);
        const low = Math.min(bottom, next - column * height);
        if (low > top) blocks.addColumn(column - region.x, top - region.y, low - region.y);
        at = next;
      }
    }
    from = to;
    if (from >= end) break;
  }
  return blocks.finish();
}

/** Counts the pixels inside of what stands for each pixel of the result. */
class Blocks {
  readonly #region: Size;
  readonly #level: number;
  readonly #width: number;
  readonly #height: number;
  readonly #counts: Uint8Array | Uint32Array; // [height, width]

  constructor(region: Size, level: number) {
    this.#region = region;
    this.#level = level;
    this.#width = Math.ceil(region.width / 2 ** level);
    this.#height = Math.ceil(region.height / 2 ** level);
    const length = this.#width * this.#height;
    // Of a pixel that stands for itself the count is the pixel.
    this.#counts = level === 0 ? new Uint8Array(length) : new Uint32Array(length);
  }

  /** Where pixels of a row of the region are counted. */
  row(row: number): Uint8Array | Uint32Array {
    const start = (row >> this.#level) * this.#width;
    return this.#counts.subarray(start, start + this.#width);
  }

  /** Counts the pixels of a column of the region from one row up to another. */
  addColumn(column: number, from: number, to: number): void {
    const [level, width] = [this.#level, this.#width];
    const across = column >> level;
    for (let block = from >> level; block << level < to; block++) {
      const top = Math.max(from, block << level);
      const end = Math.min(to, (block + 1) << level);
      this.#counts[block * width + across]! += end - top;
    }
  }

  finish(): Bitmap {
    const [width, height, side] = [this.#width, this.#height, 2 ** this.#level];
    if (this.#counts instanceof Uint8Array) return { width, height, data: this.#counts };
    const data = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      const tall = Math.min(side, this.#region.height - y * side);
      for (let x = 0; x < width; x++) {
        const across = Math.min(side, this.#region.width - x * side);
        const least = Math.max(1, across * tall * LEAST_SHARE);
        if (this.#counts[y * width + x]! >= least) data[y * width + x] = 1;
      }
    }
    return { width, height, data };
  }
}
