import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of reference data, `shared` beside the repository, or what the environment variable `SAMGPU_SHARED` names.
 *
 * @returns undefined if this machine has none: tests that need it are then skipped
 * @throws Error if `SAMGPU_SHARED` names a folder that does not exist
 */
export function sharedDirectory(): string | undefined {
  const named = process.env['SAMGPU_SHARED'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) {
      throw new Error(`SAMGPU_SHARED is ${named}, which does not exist. Correct it or unset it`);
    }
    return named;
  }
  // Three folders up from packages/testing/src, and likewise from dist.
  const beside = fileURLToPath(new URL('../../../../shared', import.meta.url));
  return existsSync(beside) ? beside : undefined;
}

/**
 * A file or folder below {@link sharedDirectory}.
 *
 * @returns undefined if it is not there
 * @example describe.skipIf(sharedPath('nano') === undefined)('nano (needs ../shared)', ...)
 */
export function sharedPath(...parts: readonly string[]): string | undefined {
  const shared = sharedDirectory();
  if (shared === undefined) {
    return undefined;
  }
  const path = join(shared, ...parts);
  return existsSync(path) ? path : undefined;
}
