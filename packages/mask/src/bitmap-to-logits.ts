// The way back in: a mask at the size of the image, as the low-resolution logits that a model takes
// as its previous mask. Resizing into the model frame and shrinking to logits both average over
// areas, and an average of averages over aligned areas is one average, so each logit cell is
// measured straight on the image.

import type { Size } from './size.ts';
import { assertBitmap, assertMaskSize, type Bitmap } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { assertPath, type Logits, type UpsamplingPath } from './upsampling-path.ts';

/** How {@link bitmapToLogits} scales. */
export interface BitmapToLogitsOptions {
  /**
   * Logit of a cell that is wholly inside; one wholly outside gets its negative. Models are trained
   * on their own logits, so this should be what they reach on clear objects. Default 10.
   */
  readonly limit?: number;
}

/**
 * Converts a mask of the original image to low-resolution logits, the inverse of `upsampleLogits`.
 *
 * A cell that the mask covers by the share `c` gets `ln(c / (1 - c))`, clamped to `limit`. A cell
 * that lies partly in the model frame's padding is measured on its part of the image; one wholly in
 * the padding is outside.
 *
 * @param size - of the logits: 256x256 for SAM, 96x96 for nano
 * @param path - how the logits lie over the image, as for `upsampleLogits`
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function bitmapToLogits(
  bitmap: Bitmap,
  size: Size,
  path: UpsamplingPath,
  { limit = 10 }: BitmapToLogitsOptions = {},
): Logits {
  assertBitmap(bitmap);
  assertMaskSize(size);
  assertPath(path);
  if (!(limit > 0 && limit < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `logit limit ${limit}: wanted a positive number like 10.`,
    );
  }
  const stretch = path.mode === 'two-step' ? path : undefined;
  const columns = cellEdges(
    size.width,
    bitmap.width,
    stretch === undefined ? 1 : stretch.frame.width / stretch.resized.width,
  );
  const rows = cellEdges(
    size.height,
    bitmap.height,
    stretch === undefined ? 1 : stretch.frame.height / stretch.resized.height,
  );
  const sums = sumCells(bitmap, columns, rows); // [height, width]
  const data = new Float32Array(sums.length);
  for (let y = 0; y < size.height; y++) {
    const cellHeight = rows[y + 1]! - rows[y]!;
    for (let x = 0; x < size.width; x++) {
      const cell = y * size.width + x;
      const area = cellHeight * (columns[x + 1]! - columns[x]!);
      const covered = area === 0 ? 0 : sums[cell]! / area;
      const logit = Math.log(covered / Math.max(0, 1 - covered));
      data[cell] = Math.min(limit, Math.max(-limit, logit));
    }
  }
  return { width: size.width, height: size.height, data };
}

/**
 * Edges of the logit cells in pixels of the image, cut off at the image's end.
 *
 * @param frameRatio - side of the model frame over that of the resized image in it
 */
function cellEdges(cells: number, pixels: number, frameRatio: number): Float64Array {
  const edges = new Float64Array(cells + 1);
  for (let i = 0; i <= cells; i++) {
    const edge = (i * frameRatio * pixels) / cells;
    // An edge meant to lie on the image's end must not leave a sliver by rounding.
    edges[i] = edge > pixels * (1 - 1e-9) ? pixels : edge;
  }
  return edges;
}

/** Area of the mask in each cell, in pixels. */
function sumCells(
  { width, data }: Bitmap,
  columns: Float64Array,
  rows: Float64Array,
): Float64Array {
  const cellsAcross = columns.length - 1;
  const cellsDown = rows.length - 1;
  const sums = new Float64Array(cellsAcross * cellsDown);
  const before = new Float64Array(width + 1); // Pixels inside left of each column.
  const rowSums = new Float64Array(cellsAcross);
  let summedRow = -1;
  for (let cellY = 0; cellY < cellsDown; cellY++) {
    const top = rows[cellY]!;
    const bottom = rows[cellY + 1]!;
    for (let y = Math.floor(top); y < bottom; y++) {
      if (y !== summedRow) {
        sumRow(data.subarray(y * width, (y + 1) * width), columns, before, rowSums);
        summedRow = y;
      }
      const share = Math.min(bottom, y + 1) - Math.max(top, y);
      for (let x = 0; x < cellsAcross; x++) sums[cellY * cellsAcross + x]! += share * rowSums[x]!;
    }
  }
  return sums;
}

function sumRow(
  row: Uint8Array,
  columns: Float64Array,
  before: Float64Array,
  rowSums: Float64Array,
): void {
  let sum = 0;
  for (let x = 0; x < row.length; x++) {
    sum += row[x]!;
    before[x + 1] = sum;
  }
  let leftSum = 0;
  for (let i = 1; i < columns.length; i++) {
    const edge = columns[i]!;
    const pixel = Math.floor(edge);
    const fraction = edge - pixel;
    const rightSum = before[pixel]! + (fraction > 0 ? fraction * row[pixel]! : 0);
    rowSums[i - 1] = rightSum - leftSum;
    leftSum = rightSum;
  }
}
