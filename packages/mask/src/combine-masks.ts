import type { Bitmap } from './bitmap.ts';
import { runsOf } from './mask-runs.ts';
import { Mask } from './mask.ts';
import { rleComplement } from './run-length.ts';
import { rleDifference, rleIntersection, rleUnion } from './run-length-sets.ts';

/** What {@link combineMasks} keeps: pixels in either, in the first alone, or in both. */
export type MaskCombination = 'add' | 'subtract' | 'intersect';

const combine = { add: rleUnion, subtract: rleDifference, intersect: rleIntersection };

/**
 * One mask out of two.
 *
 * @param second - what is added to the first, taken away from it, or kept of it
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function combineMasks(first: Bitmap, second: Bitmap, combination: MaskCombination): Mask {
  return Mask.fromRle(combine[combination](runsOf(first), runsOf(second)));
}

/**
 * Everything that is not in the mask.
 *
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function invertMask(mask: Bitmap): Mask {
  return Mask.fromRle(rleComplement(runsOf(mask)));
}
