import type { Bitmap } from '../bitmap.ts';
import type { Box } from '../box.ts';
import { MaskError } from '../mask-error.ts';
import { isRle } from '../rle-or-bitmap.ts';
import { assertRle, encodeRle, rleArea, rleBounds, type Rle } from '../run-length.ts';
import { intersectionArea } from '../run-length-sets.ts';
import { assertShare, byDescendingScore, keepBest } from './keep-best.ts';

/** What {@link maskNms} may be told besides masks and scores. */
export interface MaskNmsOptions {
  /** Masks of different categories never suppress each other. Default: all are of one. */
  readonly categories?: ArrayLike<number>;
  /**
   * A mask is also dropped when its intersection with a kept one is above this share of the smaller
   * of both: a part beside its whole. 1 drops none for it. @defaultValue 1
   */
  readonly nestedThreshold?: number;
}

/**
 * Non-maximum suppression by the masks themselves: of masks that overlap, only the one with the
 * highest score stays. Unlike {@link boxNms} it keeps a thin object that crosses another one.
 *
 * A mask is dropped when its intersection over union with a kept one, that of pycocotools, is above
 * the threshold. Among equal scores the mask that comes first counts as the better one.
 *
 * @param masks - all of one image
 * @param threshold - 0 to 1
 * @returns indices of the masks that stay, best first
 * @throws {@link MaskError} `size-mismatch`, `invalid-size`, `invalid-rle` or `invalid-option`
 */
export function maskNms(
  masks: readonly (Rle | Bitmap)[],
  scores: ArrayLike<number>,
  threshold: number,
  { categories, nestedThreshold = 1 }: MaskNmsOptions = {},
): number[] {
  const order = byDescendingScore(masks.length, scores, threshold, categories);
  assertShare(nestedThreshold);
  const rles = masks.map((mask) => (isRle(mask) ? mask : encodeRle(mask)));
  rles.forEach(assertRle);
  assertOneSize(rles);
  const areas = rles.map(rleArea);
  const bounds = rles.map(rleBounds);
  return keepBest(order, categories, (kept, other) => {
    const largest = Math.min(
      areas[kept]!,
      areas[other]!,
      sharedArea(bounds[kept]!, bounds[other]!),
    );
    const both = areas[kept]! + areas[other]!;
    const smaller = Math.min(areas[kept]!, areas[other]!);
    const isDuplicate = (intersection: number): boolean =>
      intersection / (both - intersection) > threshold || intersection / smaller > nestedThreshold;
    // Most pairs are told apart by this bound, without looking at their runs.
    if (!isDuplicate(largest)) return false;
    return isDuplicate(intersectionArea(rles[kept]!, rles[other]!));
  });
}

function sharedArea(first: Box, second: Box): number {
  const width =
    Math.min(first.x + first.width, second.x + second.width) - Math.max(first.x, second.x);
  const height =
    Math.min(first.y + first.height, second.y + second.height) - Math.max(first.y, second.y);
  return Math.max(0, width) * Math.max(0, height);
}

function assertOneSize(rles: readonly Rle[]): void {
  const [first] = rles;
  for (const { size } of rles) {
    if (size[0] !== first!.size[0] || size[1] !== first!.size[1]) {
      throw new MaskError(
        'size-mismatch',
        `masks of ${first!.size[1]}x${first!.size[0]} and ${size[1]}x${size[0]}: all must belong ` +
          'to the same image.',
      );
    }
  }
}
