import { openModelCache } from '@samgpu/weights';

import { type ExitCode, exitCodes } from '../exit-code.ts';
import { bytesText } from '../terminal/words.ts';
import { UsageError } from '../usage-error.ts';
import { placeOf } from './cached-model.ts';
import { loadVariant, requireModelName } from './registry.ts';

/** `samgpu models remove`: what was downloaded, whole or in part. */
export async function runRemove(names: readonly string[], all: boolean): Promise<ExitCode> {
  if (all === names.length > 0) {
    throw new UsageError('Give the names of models to remove, or --all for everything stored.');
  }
  for (const name of names) requireModelName(name);
  const cache = await openModelCache();
  if (all) {
    const bytes = await cache.size();
    await cache.clear();
    process.stdout.write(`removed everything in ${cache.location}: ${bytesText(bytes)}\n`);
    return exitCodes.success;
  }
  for (const name of names) {
    const { key, bytes = 0 } = placeOf(await loadVariant(name), await cache.list());
    const isRemoved = key !== undefined && (await cache.remove(key));
    const text = isRemoved ? `removed ${bytesText(bytes)}` : 'nothing is stored';
    process.stdout.write(`${name}: ${text}\n`);
  }
  return exitCodes.success;
}
