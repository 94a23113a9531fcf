import {
  type BoxCorners,
  boxIou,
  boxNms,
  maskNms,
  pixelCorners,
  removeSmallRegions,
  rleArea,
  rleBounds,
  rleIou,
} from '@samgpu/mask';

import type { EverythingSettings } from './everything-settings.ts';
import type { Candidate } from './found-mask.ts';

/**
 * Drops duplicates: within each part of the picture the best by score stays, then between parts the
 * one of the smallest part, because a small object is seen best there. With a minimum area small
 * holes and islands are removed last, and what has become a duplicate by that goes, too.
 *
 * @param crops - candidates of each part of the picture, in the order in which they were found
 * @returns in the order of the official generator
 */
export function selectCandidates(
  crops: readonly (readonly Candidate[])[],
  settings: EverythingSettings,
): Candidate[] {
  const { boxNmsThreshold, cropNmsThreshold, minMaskRegionArea, smallRegions } = settings;
  let kept = crops.flatMap((candidates) =>
    suppress(
      candidates,
      candidates.map(({ score }) => score),
      boxNmsThreshold,
      settings,
    ),
  );
  if (settings.crops.length > 1) {
    const scores = kept.map(({ cropBox }) =>
      Math.fround(1 / Math.fround(cropBox.width * cropBox.height)),
    );
    kept = suppress(kept, scores, cropNmsThreshold, settings);
  }
  if (minMaskRegionArea > 0 && smallRegions === 'masks') {
    const cleaned = kept.map((candidate) => withoutSmallRegions(candidate, minMaskRegionArea));
    // Masks that needed no cleaning are preferred.
    const scores = cleaned.map((candidate, i) => (candidate === kept[i] ? 1 : 0));
    kept = suppress(cleaned, scores, Math.max(boxNmsThreshold, cropNmsThreshold), settings);
  }
  return kept;
}

/** Whether a candidate shows an object that one of the others shows already. */
export function isDuplicate(
  { corners, rle }: Candidate,
  others: readonly Candidate[],
  { boxNmsThreshold, overlap }: EverythingSettings,
): boolean {
  return others.some((other) => {
    if (overlap === 'boxes') return boxIou(corners, other.corners) > boxNmsThreshold;
    return touches(corners, other.corners) && rleIou(rle, other.rle) > boxNmsThreshold;
  });
}

function touches(first: BoxCorners, second: BoxCorners): boolean {
  return (
    first[0] <= second[2] && second[0] <= first[2] && first[1] <= second[3] && second[1] <= first[3]
  );
}

function suppress(
  candidates: readonly Candidate[],
  scores: readonly number[],
  threshold: number,
  { overlap }: EverythingSettings,
): Candidate[] {
  const kept =
    overlap === 'masks'
      ? maskNms(
          candidates.map(({ rle }) => rle),
          scores,
          threshold,
        )
      : boxNms(
          candidates.map(({ corners }) => corners),
          scores,
          threshold,
        );
  return kept.map((index) => candidates[index]!);
}

function withoutSmallRegions(candidate: Candidate, minimumArea: number): Candidate {
  const filled = removeSmallRegions(candidate.rle, minimumArea, 'holes');
  const { rle, changed } = removeSmallRegions(filled.rle, minimumArea, 'islands');
  if (!filled.changed && !changed) return candidate;
  const bounds = rleBounds(rle);
  return { ...candidate, rle, area: rleArea(rle), bounds, corners: pixelCorners(bounds) };
}
