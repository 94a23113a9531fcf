import type { Variant } from '@samgpu/variant';
import { type CachedModel, modelFileKey } from '@samgpu/weights';

/**
 * Whether a model's weights are there.
 *
 * - `package`: they come with samgpu
 * - `cached`, `partial`, `absent`: of files that are downloaded, all, a part or nothing
 * - `brought`: the user keeps them
 */
export type WeightsState = 'package' | 'cached' | 'partial' | 'absent' | 'brought';

export interface ModelPlace {
  readonly state: WeightsState;
  /** What the cache knows the file by, if it is one that is downloaded. */
  readonly key?: string;
  /** Of what is cached. */
  readonly bytes?: number;
}

/** @param cached - all that the cache lists */
export function placeOf({ weights }: Variant, cached: readonly CachedModel[]): ModelPlace {
  if (weights.kind === 'brought') return { state: 'brought' };
  if (weights.url.protocol === 'file:') return { state: 'package' };
  const key = modelFileKey(weights);
  const found = cached.filter((model) => model.key === key);
  const whole = found.find(({ complete }) => complete);
  const [some] = found;
  if (whole !== undefined) return { state: 'cached', key, bytes: whole.bytes };
  return some === undefined
    ? { state: 'absent', key }
    : { state: 'partial', key, bytes: some.bytes };
}
