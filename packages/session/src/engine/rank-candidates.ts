import type { Box, Mask } from '@samgpu/mask';

import { boundsNear } from './bounds-near.ts';
import type { Candidate, SegmentRequest } from './engine.ts';

/** Share of the box around a mask that has to lie in the box that was asked for. */
const MOST = 0.8;

/**
 * Best first: those that do justice to more of what was asked for, then the kind that suits the prompt
 * best, then by the model's own score.
 *
 * @param first - the kind of answer that is preferred
 */
export function rankCandidates(
  candidates: readonly Candidate[],
  request: SegmentRequest,
  first: Candidate['kind'],
): Candidate[] {
  const satisfied = new Map(candidates.map((one) => [one, promptsSatisfied(one.mask, request)]));
  return candidates.toSorted(
    (a, b) =>
      satisfied.get(b)! - satisfied.get(a)! ||
      Number(b.kind === first) - Number(a.kind === first) ||
      b.mask.score - a.mask.score,
  );
}

/** How many points, and the box, a mask does justice to. */
export function promptsSatisfied(
  mask: Mask,
  { points = [], box }: Pick<SegmentRequest, 'points' | 'box'>,
): number {
  const right = points.filter(({ x, y, label }) => mask.contains(x, y) === (label !== 'exclude'));
  return right.length + (box !== undefined && fits(mask, box) ? 1 : 0);
}

function fits(mask: Mask, box: Box): boolean {
  const bounds = boundsNear(mask);
  const area = bounds.width * bounds.height;
  const across = overlap(bounds.x, bounds.width, box.x, box.width);
  const down = overlap(bounds.y, bounds.height, box.y, box.height);
  return area > 0 && across * down >= MOST * area;
}

function overlap(from: number, length: number, otherFrom: number, otherLength: number): number {
  const start = Math.max(from, otherFrom);
  return Math.max(0, Math.min(from + length, otherFrom + otherLength) - start);
}
