import { keepComponentsAt } from '@samgpu/mask';

import type { Candidate, SegmentRequest } from './engine.ts';

/** Without the pieces that no click lies on, which are usually stray ones of a similar colour. */
export function withoutStrays(
  candidate: Candidate,
  { points, box }: Pick<SegmentRequest, 'points' | 'box'>,
): Candidate {
  const clicks = (points ?? []).filter(({ label }) => label !== 'exclude');
  if (clicks.length === 0 || box !== undefined) {
    return candidate;
  }
  const { mask: whole, kind } = candidate;
  return { mask: whole.cleanedRle((rle) => keepComponentsAt(rle, clicks)), kind, whole };
}
