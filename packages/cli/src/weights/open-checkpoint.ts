import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { openLocalWeights, type OpenWeights, type WrittenFile } from '@samgpu/weights';

import { UsageError } from '../usage-error.ts';
import { describeFile } from './describe-file.ts';

/** A checkpoint on disk. */
export interface Checkpoint {
  readonly weights: OpenWeights;
  /** The files that it consists of, with their hashes. */
  readonly files: readonly WrittenFile[];
}

/**
 * Opens a file of any format, or a folder of safetensors, and hashes it.
 *
 * @throws UsageError if there is nothing
 * @throws WeightsError if it cannot be read
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new UsageError(`There is no checkpoint ${path}; wanted a file or a folder of weights.`);
  }
  const paths = found.isDirectory() ? await weightFiles(path) : [path];
  const weights = await openLocalWeights(path);
  try {
    const files: WrittenFile[] = [];
    for (const file of paths) files.push(await describeFile(file));
    return { weights, files };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

async function weightFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => /\.safetensors(\.index\.json)?$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
