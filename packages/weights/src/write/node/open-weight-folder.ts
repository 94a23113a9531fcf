import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { codeOf, ifPresent } from '../../cache/node/folder-error.ts';
import { openFileSource } from '../../file-source.ts';
import { openSafetensors } from '../../safetensors.ts';
import { openShardedSafetensors } from '../../sharded-safetensors.ts';
import type { OpenWeights } from '../../weight-store.ts';
import { WeightsError } from '../../weights-error.ts';
import { INDEX_NAME } from '../write-sharded-safetensors.ts';

export interface WeightFolderOptions {
  readonly signal?: AbortSignal;
}

/**
 * Opens a folder of weights, as `writeShardedSafetensors` and Hugging Face's libraries write them: what
 * `model.safetensors.index.json` lists, or else `model.safetensors`.
 *
 * @throws WeightsError with code `read-failed` if the folder has neither, and what the files' readers throw
 */
export async function openWeightFolder(
  folder: string,
  { signal }: WeightFolderOptions = {},
): Promise<OpenWeights> {
  const index = await readIndex(folder);
  const options = signal === undefined ? {} : { signal };
  if (index !== undefined) {
    return openShardedSafetensors(index, (name) => openFileSource(join(folder, name)), options);
  }
  const path = join(folder, 'model.safetensors');
  const source = await openFileSource(path).catch((cause: unknown) => {
    throw new WeightsError(
      'read-failed',
      `the folder ${folder} has neither ${INDEX_NAME} nor model.safetensors, expected one of them`,
      { cause },
    );
  });
  try {
    return await openSafetensors(source, options);
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

async function readIndex(folder: string): Promise<string | undefined> {
  try {
    return await ifPresent(readFile(join(folder, INDEX_NAME), 'utf8'));
  } catch (cause) {
    throw new WeightsError(
      'read-failed',
      `cannot read ${INDEX_NAME} in ${folder} (${codeOf(cause) ?? String(cause)})`,
      { cause },
    );
  }
}
