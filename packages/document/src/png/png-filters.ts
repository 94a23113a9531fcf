// The filters of PNG's rows (PNG specification, third edition, section 9).

import { DocumentError } from '../document-error.ts';

/**
 * Undoes the filter of a row in place.
 *
 * @param above - the row before, unfiltered; zeros before the first one
 * @param step - bytes of a pixel, at least 1
 * @throws DocumentError `damaged`
 */
export function unfilterRow(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  step: number,
): void {
  const { length } = row;
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = step; i < length; i++) row[i]! += row[i - step]!;
      return;
    case 2:
      for (let i = 0; i < length; i++) row[i]! += above[i]!;
      return;
    case 3:
      for (let i = 0; i < step; i++) row[i]! += above[i]! >> 1;
      for (let i = step; i < length; i++) row[i]! += (row[i - step]! + above[i]!) >> 1;
      return;
    case 4:
      for (let i = 0; i < step; i++) row[i]! += above[i]!;
      for (let i = step; i < length; i++) {
        row[i]! += paeth(row[i - step]!, above[i]!, above[i - step]!);
      }
      return;
    default:
      throw new DocumentError(
        'damaged',
        `A row of the PNG has the filter ${filter}; wanted 0 to 4.`,
      );
  }
}

/** Of left, above and above left, the one closest to left + above - above left. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/**
 * Filters a row by whichever of "above" and "Paeth" leaves the smaller differences, which is what
 * photographs compress best by; the other filters seldom win and would take as long again.
 *
 * @param filtered - `[1 + row.length]`, begins with the number of the filter
 */
export function filterRow(
  row: Uint8Array,
  above: Uint8Array,
  step: number,
  filtered: Uint8Array,
  scratch: Uint8Array,
): void {
  const { length } = row;
  let ofAbove = 0;
  let ofPaeth = 0;
  for (let i = 0; i < length; i++) {
    const up = (row[i]! - above[i]!) & 0xff;
    filtered[i + 1] = up;
    ofAbove += up < 128 ? up : 256 - up;
  }
  for (let i = 0; i < length; i++) {
    const left = i < step ? 0 : row[i - step]!;
    const corner = i < step ? 0 : above[i - step]!;
    const difference = (row[i]! - paeth(left, above[i]!, corner)) & 0xff;
    scratch[i] = difference;
    ofPaeth += difference < 128 ? difference : 256 - difference;
  }
  filtered[0] = 2;
  if (ofPaeth < ofAbove) {
    filtered[0] = 4;
    filtered.set(scratch.subarray(0, length), 1);
  }
}
