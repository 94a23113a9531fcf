import { assertBitmap, assertSameSize, type Bitmap, inverted } from './bitmap.ts';
import { Mask } from './mask.ts';

/** What {@link combineMasks} keeps: pixels in either, in the first alone, or in both. */
export type MaskCombination = 'add' | 'subtract' | 'intersect';

/**
 * One mask out of two.
 *
 * @param second - what is added to the first, taken away from it, or kept of it
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function combineMasks(first: Bitmap, second: Bitmap, combination: MaskCombination): Mask {
  assertBitmap(first);
  assertBitmap(second);
  assertSameSize(first, second);
  const { width, height, data: a } = first;
  const { data: b } = second;
  const data = new Uint8Array(a.length);
  // Loops of their own: a branch per pixel costs more than the operation.
  switch (combination) {
    case 'add':
      for (let i = 0; i < data.length; i++) data[i] = a[i]! | b[i]!;
      break;
    case 'subtract':
      for (let i = 0; i < data.length; i++) data[i] = a[i]! & ~b[i]!;
      break;
    case 'intersect':
      for (let i = 0; i < data.length; i++) data[i] = a[i]! & b[i]!;
      break;
  }
  return Mask.fromBitmap({ width, height, data });
}

/**
 * Everything that is not in the mask.
 *
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function invertMask(mask: Bitmap): Mask {
  assertBitmap(mask);
  const { width, height } = mask;
  return Mask.fromBitmap({ width, height, data: inverted(mask.data) });
}
