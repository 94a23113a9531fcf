import { MaskError } from '../mask-error.ts';

/**
 * Indices by falling score; those with equal scores stay in their order.
 *
 * @throws {@link MaskError} `size-mismatch` or `invalid-option`
 */
export function byDescendingScore(
  count: number,
  scores: ArrayLike<number>,
  threshold: number,
  categories: ArrayLike<number> | undefined,
): Int32Array {
  if (scores.length !== count || (categories !== undefined && categories.length !== count)) {
    const given = categories === undefined ? '' : ` and ${categories.length} categories`;
    throw new MaskError(
      'size-mismatch',
      `${scores.length} scores${given} for ${count} candidates: wanted one for each.`,
    );
  }
  assertShare(threshold);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  return order.sort((a, b) => scores[b]! - scores[a]! || a - b);
}

/**
 * Goes through candidates, best first, and drops each that overlaps one that was kept.
 *
 * @param order - indices, best first
 * @param overlaps - whether a kept candidate suppresses another
 * @returns indices of those that stay, best first
 */
export function keepBest(
  order: Int32Array,
  categories: ArrayLike<number> | undefined,
  overlaps: (kept: number, other: number) => boolean,
): number[] {
  const kept: number[] = [];
  for (const candidate of order) {
    const category = categories?.[candidate];
    const isSuppressed = kept.some(
      (better) => categories?.[better] === category && overlaps(better, candidate),
    );
    if (!isSuppressed) kept.push(candidate);
  }
  return kept;
}

/** @throws {@link MaskError} `invalid-option` */
export function assertShare(threshold: number): void {
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new MaskError('invalid-option', `overlap threshold ${threshold}: wanted 0 to 1.`);
  }
}
