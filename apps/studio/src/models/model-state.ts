import type { Variant } from '@samgpu/variant';
import { type CachedModel, modelFileKey, openModelCache } from '@samgpu/weights';

/**
 * Whether a model's weights are on this device.
 *
 * - `included`: they come with the Studio
 * - `stored`, `partial`, `absent`: of files that are loaded, all, a part or nothing
 * - `brought`: the user has to bring them
 */
export type ModelState = 'included' | 'stored' | 'partial' | 'absent' | 'brought';

/** What the browser keeps of models, the newest first; nothing where it keeps nothing. */
export async function storedModels(): Promise<readonly CachedModel[]> {
  try {
    return await (await openModelCache()).list();
  } catch {
    return [];
  }
}

export function stateOf({ name, weights }: Variant, stored: readonly CachedModel[]): ModelState {
  if (name === 'nano') return 'included';
  if (weights.kind === 'brought') return 'brought';
  const key = modelFileKey(weights);
  const found = stored.filter((file) => file.key === key);
  if (found.some(({ complete }) => complete)) return 'stored';
  return found.length > 0 ? 'partial' : 'absent';
}

/** Frees what is stored of a model. */
export async function removeStored({ weights }: Variant): Promise<void> {
  if (weights.kind !== 'file') return;
  await (await openModelCache()).remove(modelFileKey(weights));
}
