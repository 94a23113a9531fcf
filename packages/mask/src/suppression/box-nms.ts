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
  // Two boxes without area give NaN, which is above no threshold.
  return keepBest(
    order,
    categories,
    (kept, other) => boxIou(boxes[kept]!, boxes[other]!) > threshold,
  );
}

/**
 * Area of the intersection over area of the union of two boxes, in the float32 arithmetic of
 * torchvision; NaN for two boxes without area.
 */
export function boxIou(first: BoxCorners, second: BoxCorners): number {
  const f = Math.fround;
  const left = Math.max(f(first[0]), f(second[0]));
  const top = Math.max(f(first[1]), f(second[1]));
  const right = Math.min(f(first[2]), f(second[2]));
  const bottom = Math.min(f(first[3]), f(second[3]));
  const intersection = f(Math.max(0, f(right - left)) * Math.max(0, f(bottom - top)));
  const both = f(boxArea(first) + boxArea(second));
  return f(intersection / f(both - intersection));
}

function boxArea([left, top, right, bottom]: BoxCorners): number {
  const f = Math.fround;
  return f(f(f(right) - f(left)) * f(f(bottom) - f(top)));
}
