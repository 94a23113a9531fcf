import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { UnreadableCaseError } from './result.ts';

/**
 * The file of a picture that a case names. Some name it from their own folder, others from one above.
 *
 * @throws UnreadableCaseError where there is none
 */
export async function findPicture(directory: string, file: string): Promise<string> {
  let folder = resolve(directory);
  for (;;) {
    const path = resolve(folder, file);
    if (await exists(path)) {
      return path;
    }
    const parent = dirname(folder);
    if (parent === folder) {
      throw new UnreadableCaseError(`${file} is neither in ${directory} nor in a folder above it`);
    }
    folder = parent;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
