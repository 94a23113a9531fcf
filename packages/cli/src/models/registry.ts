import type { Variant } from '@samgpu/variant';

import { UsageError } from '../usage-error.ts';

/** The models that come with the command. Each is imported only when it is used. */
const loaders: Readonly<Record<string, () => Promise<Variant>>> = {
  nano: async () => (await import('@samgpu/nano')).nano,
};

export const modelNames: readonly string[] = Object.keys(loaders);

export const defaultModel = 'nano';

/** @throws UsageError for an unknown name */
export function requireModelName(name: string): void {
  if (Object.hasOwn(loaders, name)) return;
  throw new UsageError(
    `There is no model "${name}"; wanted ${modelNames.join(', ')}. See: samgpu models`,
  );
}

/** @throws UsageError for an unknown name */
export async function loadVariant(name: string): Promise<Variant> {
  requireModelName(name);
  return loaders[name]!();
}
