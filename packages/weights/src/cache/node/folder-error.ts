import { statfs } from 'node:fs/promises';

import { WeightsError } from '../../weights-error.ts';

export function codeOf(cause: unknown): string | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** `undefined` in place of the error of a file that is not there. */
export async function ifPresent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') {
      return undefined;
    }
    throw cause;
  }
}

/** The typed error for what the file system says. */
export async function folderError(
  cause: unknown,
  folder: string,
  missingBytes?: number,
): Promise<WeightsError> {
  if (cause instanceof WeightsError) {
    return cause;
  }
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return noSpace(folder, missingBytes, await availableBytes(folder), cause);
  }
  return new WeightsError(
    'cache-failed',
    `cannot use the model cache in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}. ` +
      "Set SAMGPU_CACHE to a folder that can be written, or pass cache: 'memory'",
    { cause },
  );
}

export function noSpace(
  folder: string,
  missingBytes: number | undefined,
  available: number | undefined,
  cause?: unknown,
): WeightsError {
  const needed = missingBytes === undefined ? 'an unknown number of' : String(missingBytes);
  const free = available === undefined ? 'too few' : String(available);
  return new WeightsError(
    'no-space',
    `the model cache in ${folder} needs ${needed} more bytes, but ${free} are free there. ` +
      'Free some, or set SAMGPU_CACHE to a folder on another disk; what has arrived is kept',
    { cause },
  );
}

/** For users without privileges. Undefined where the system does not say. */
export async function availableBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
