import type { BoxCorners } from '../crops/box-corners.ts';
import { byDescendingScore, keepBest } from './keep-best.ts';

/** What {@link boxNms} may be told besides boxes and scores. */
export interface BoxNmsOptions {
  /** Boxes of different categories never suppress each other. Default: all are of one. */
  readonly categories?: ArrayLike<number>;
}

/**
 * Non-maximum suppression: of boxes that overlap, only the one with the highest score stays. Equal to
 * `nms` of torchvision, and with `categories` to `batched_nms`, in its float32 arithmetic.
 *
 * A box is dropped when its intersection over union with a kept one is above the threshold, not when
 * it is equal to it. Among equal scores the box that comes first counts as the better one.
 *
 * @param threshold - 0 to 1
 * @returns indices of the boxes that stay, best first
 * @throws MaskError `size-mismatch` or `invalid-option`
 */
export function boxNms(
  boxes: readonly BoxCorners[],
  scores: ArrayLike<number>,
  threshold: number,
  { categories }: BoxNmsOptions = {},
): number[] {
  const order = byDescendingScore(boxes.length, scores, threshold, categories);
  // [left, top, right, bottom] of each
  const corners = Float32Array.from(boxes.flat());
  const areas = Float32Array.from(
    boxes,
    (_, i) =>
      Math.fround(corners[i * 4 + 2]! - corners[i * 4]!) *
      Math.fround(corners[i * 4 + 3]! - corners[i * 4 + 1]!),
  );
  return keepBest(order, categories, (kept, other) => {
    const [a, b] = [kept * 4, other * 4];
    const left = Math.max(corners[a]!, corners[b]!);
    const top = Math.max(corners[a + 1]!, corners[b + 1]!);
    const right = Math.min(corners[a + 2]!, corners[b + 2]!);
    const bottom = Math.min(corners[a + 3]!, corners[b + 3]!);
    const width = Math.max(0, Math.fround(right - left));
    const height = Math.max(0, Math.fround(bottom - top));
    const intersection = Math.fround(width * height);
    const both = Math.fround(areas[kept]! + areas[other]!);
    // Two boxes without area give NaN, which is above no threshold.
    return Math.fround(intersection / Math.fround(both - intersection)) > threshold;
  });
}
