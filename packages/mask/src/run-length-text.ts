// COCO's text form of run lengths (`rleToString` of pycocotools): from the fourth run on, a run is
// written as the difference to the run two before it, the last one of the same kind. Each number is
// cut into groups of 5 bits, low ones first, signed as in LEB128: bit 5 says that more groups
// follow, and bit 4 of the last group is the sign. 48 is added so that every byte is printable.

import { maximumPixels } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { assertRle, type Rle } from './run-length.ts';

/** A mask as compressed COCO run lengths, the form that COCO's JSON files hold. */
export interface CompressedRle {
  /** `[height, width]`, in this order. */
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
}

const OFFSET = 48;
const MORE = 0x20;
const SIGN = 0x10;
const LOW_BITS = 0x1f;
/** 35 bits hold every difference of two 32-bit runs. */
const MAXIMUM_GROUPS = 7;

/**
 * Writes run lengths as pycocotools does, byte for byte.
 *
 * @throws {@link MaskError} `invalid-size` or `invalid-rle`
 */
export function toCompressedRle(rle: Rle): CompressedRle {
  assertRle(rle);
  const { counts } = rle;
  const parts: string[] = [];
  for (let i = 0; i < counts.length; i++) {
    let rest = i > 2 ? counts[i]! - counts[i - 2]! : counts[i]!;
    let more = true;
    let text = '';
    while (more) {
      const low = rest & LOW_BITS;
      rest >>= 5;
      more = (low & SIGN) !== 0 ? rest !== -1 : rest !== 0;
      text += String.fromCharCode((more ? low | MORE : low) + OFFSET);
    }
    parts.push(text);
  }
  return { size: [rle.size[0], rle.size[1]], counts: parts.join('') };
}

/**
 * Reads compressed run lengths.
 *
 * @throws {@link MaskError} `invalid-size`, or `invalid-rle` for a string that is cut off, holds
 * foreign characters, or describes runs that do not fill the size
 */
export function fromCompressedRle(compressed: CompressedRle): Rle {
  const { size, counts: text } = compressed;
  if (typeof text !== 'string') {
    throw new MaskError(
      'invalid-rle',
      `compressed RLE counts of type ${typeof text}: wanted a string. An array of numbers is the ` +
        'uncompressed form and needs no decompression.',
    );
  }
  const counts: number[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    let value = 0;
    let scale = 1;
    let group = MORE;
    while ((group & MORE) !== 0) {
      group = text.charCodeAt(at) - OFFSET; // NaN past the end.
      if (!(group >= 0 && group < 64) || at - start >= MAXIMUM_GROUPS) {
        throw new MaskError('invalid-rle', describeFault(text, at, start));
      }
      // Multiplied, not shifted: the seventh group lies above 32 bits.
      value += (group & LOW_BITS) * scale;
      scale *= 32;
      at += 1;
    }
    if ((group & SIGN) !== 0) value -= scale;
    const index = counts.length;
    if (index > 2) value += counts[index - 2]!;
    if (value < 0 || value > maximumPixels) {
      throw new MaskError(
        'invalid-rle',
        `compressed RLE run ${index} at character ${start} is ${value} pixels: wanted 0 to ` +
          `${maximumPixels}. The string is damaged or was escaped twice.`,
      );
    }
    counts.push(value);
  }
  const rle: Rle = { size, counts };
  assertRle(rle);
  return { size: [size[0], size[1]], counts };
}

function describeFault(text: string, at: number, start: number): string {
  if (at >= text.length) {
    return `compressed RLE ends within the number that starts at character ${start}: the string is cut off.`;
  }
  if (at - start >= MAXIMUM_GROUPS) {
    return `compressed RLE number at character ${start} has more than ${MAXIMUM_GROUPS} characters: the string is damaged.`;
  }
  return (
    `compressed RLE has ${JSON.stringify(text[at])} at character ${at}: wanted characters from ` +
    "'0' to 'o'. Check that backslashes were unescaped once, as JSON does."
  );
}
