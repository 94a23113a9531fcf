/**
 * Sizes that graphs of tracking are compiled for. What a bucket has more than is needed takes no part in
 * any attention, so results are those of the exact size.
 */

/** Every size from the last one listed on is a bucket, in steps. */
interface Buckets {
  readonly sizes: readonly number[];
  readonly step: number;
}

/**
 * Memories: a clip soon has a conditioning frame and the six frames before, which is 7; with more
 * conditioning frames there is no waste, because a memory is much to look at.
 */
export const FRAME_BUCKETS: Buckets = { sizes: [1, 2, 4, 7], step: 1 };
/** Pointers cost next to nothing. */
export const POINTER_BUCKETS: Buckets = { sizes: [16], step: 8 };
/** Tokens of a prompt: 2 where nothing is asked, as on all frames that are tracked. */
export const TOKEN_BUCKETS: Buckets = { sizes: [2, 4, 8], step: 8 };

export function bucketOf({ sizes, step }: Buckets, count: number): number {
  const last = sizes.at(-1)!;
  return sizes.find((size) => size >= count) ?? last + Math.ceil((count - last) / step) * step;
}
