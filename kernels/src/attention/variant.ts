import type { KernelDevice } from '../kernel.ts';

/**
 * - `tiled`: a query per invocation, tiles of keys in workgroup memory
 * - `split-keys`: a query per workgroup, for few queries that attend to many keys
 * - `software`: registers only, for adapters that run on a CPU
 */
export type AttentionVariant = 'tiled' | 'split-keys' | 'software';

export const ATTENTION_VARIANTS: readonly AttentionVariant[] = ['tiled', 'split-keys', 'software'];

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

/**
 * The same for attention in windows.
 *
 * Where invocations of a software adapter cannot share what they know of a key, its kernel says for
 * every key anew where in the window it lies; compiling that takes SwiftShader minutes and gigabytes.
 */
export function chooseWindowAttention(
  extent: AttentionExtent,
  device: KernelDevice,
): AttentionVariant {
  const isDear = device.software && device.subgroupMinSize === 0;
  return isDear ? 'tiled' : chooseAttention(extent, device);
}

/** The variants that attention in windows has on a device. */
export function windowAttentionVariants(device: KernelDevice): readonly AttentionVariant[] {
  return device.software && device.subgroupMinSize === 0
    ? ATTENTION_VARIANTS.filter((variant) => variant !== 'software')
    : ATTENTION_VARIANTS;
}

/** Queries that one workgroup answers. */
export const QUERIES_PER_WORKGROUP: Readonly<Record<AttentionVariant, number>> = {
  tiled: 64,
  'split-keys': 1,
  software: 16,
};
