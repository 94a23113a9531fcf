import type { KernelDevice } from '../kernel.ts';

/**
 * - `tiled`: a query per invocation, tiles of keys in workgroup memory
 * - `split-keys`: a query per workgroup, for few queries that attend to many keys
 * - `software`: registers only, for adapters that run on a CPU
 */
export type AttentionVariant = 'tiled' | 'split-keys' | 'software';

export interface AttentionExtent {
  /** That attend together. */
  readonly queries: number;
  /** That are attended together. */
  readonly keys: number;
}

const MOST_SPLIT_QUERIES = 32;
const FEWEST_SPLIT_KEYS = 256; // four for each invocation

/** The variant that is likely to be the quickest. */
export function chooseAttention(
  { queries, keys }: AttentionExtent,
  { software }: KernelDevice,
): AttentionVariant {
  if (software) return 'software';
  return queries <= MOST_SPLIT_QUERIES && keys >= FEWEST_SPLIT_KEYS ? 'split-keys' : 'tiled';
}

/** Queries that one workgroup answers. */
export const QUERIES_PER_WORKGROUP: Readonly<Record<AttentionVariant, number>> = {
  tiled: 64,
  'split-keys': 1,
  software: 16,
};
