import { platform } from '#platform';

import type { ByteSource } from './byte-source.ts';
import { openFileSource } from './file-source.ts';
import { openWeightFolder } from './open-weight-folder.ts';
import { openWeights, type OpenWeightsOptions } from './open-weights.ts';
import { openShardedSafetensors } from './sharded-safetensors.ts';
import type { OpenWeights } from './weight-store.ts';

/** Whether a path or address is that of the list of a model's files. */
export function isShardIndex(name: string): boolean {
  return name.endsWith('.safetensors.index.json');
}

/**
 * Opens weights on disk, in Node: a file that {@link openWeights} takes, a `….safetensors.index.json` with the files
 * that it lists beside it, or a folder that {@link openWeightFolder} takes.
 *
 * @throws WeightsError with code `unsupported` in a browser, `read-failed` for what cannot be read, and what the
 *   formats' readers throw
 */
export async function openLocalWeights(
  place: string | URL,
  options: OpenWeightsOptions = {},
): Promise<OpenWeights> {
  const { signal } = options;
  if (await platform.isFolder(place)) {
    return openWeightFolder(place, { ...(signal && { signal }) });
  }
  const source = await openFileSource(place);
  try {
    if (!isShardIndex(String(place))) {
      return await openWeights(source, options);
    }
    return await openIndex(source, place, signal);
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

async function openIndex(
  source: ByteSource,
  place: string | URL,
  signal: AbortSignal | undefined,
): Promise<OpenWeights> {
  const text = new TextDecoder().decode(await source.read(0, source.size, signal));
  const weights = await openShardedSafetensors(
    text,
    (name) => openFileSource(beside(place, name)),
    {
      ...(signal && { signal }),
    },
  );
  await source.close?.();
  return weights;
}

function beside(place: string | URL, name: string): string | URL {
  return place instanceof URL ? new URL(name, place) : place.replace(/[^\\/]*$/, '') + name;
}
