import { realpath, stat } from 'node:fs/promises';

import { listFolder, type ListOptions } from './list-folder.ts';
import type { Picture } from './picture.ts';

/** Something given as a picture that is none. */
export interface FailedInput {
  readonly file: string;
  readonly error: unknown;
}

export interface ExpandedInputs {
  /** In the order of the command line, each file once. */
  readonly pictures: readonly Picture[];
  readonly failed: readonly FailedInput[];
}

/**
 * The pictures that files and folders stand for.
 *
 * A path that does not exist is kept as a picture: reading it will say what is wrong.
 */
export async function expandInputs(
  inputs: readonly string[],
  options: ListOptions,
): Promise<ExpandedInputs> {
  const pictures: Picture[] = [];
  const failed: FailedInput[] = [];
  const seen = new Set<string>();
  for (const input of inputs) {
    try {
      const found = (await isFolder(input))
        ? await listFolder(input, options)
        : [{ file: input, subfolder: '' }];
      for (const picture of found) {
        const path = await realpath(picture.file).catch(() => picture.file);
        if (!seen.has(path)) pictures.push(picture);
        seen.add(path);
      }
    } catch (error) {
      failed.push({ file: input, error });
    }
  }
  return { pictures, failed };
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isDirectory() === true;
}
