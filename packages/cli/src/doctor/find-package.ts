import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { packageVersion } from '../package-version.ts';

/** An installed package. */
export interface FoundPackage {
  /** Path of its package.json. */
  readonly manifest: string;
  readonly version: string;
}

/**
 * Finds a package as code in a given place would.
 *
 * @param from - path of a file, which need not exist
 */
export function findPackage(name: string, from: string): FoundPackage | undefined {
  // Looked for on disk: not every package lets its package.json be resolved.
  const folders = createRequire(from).resolve.paths(name) ?? [];
  const manifest = folders.map((folder) => join(folder, name, 'package.json')).find(existsSync);
  return manifest === undefined ? undefined : { manifest, version: packageVersion(manifest) };
}

/** Finds a package through those that depend on it, the first one being known to this package. */
export function findDependency(...names: readonly string[]): FoundPackage | undefined {
  let found: FoundPackage | undefined;
  let from = createRequire(import.meta.url).resolve('../../package.json');
  for (const name of names) {
    found = findPackage(name, from);
    if (found === undefined) return undefined;
    // Package managers link folders; what a package depends on lies beside the real one.
    from = join(realFolder(found.manifest), 'package.json');
  }
  return found;
}

function realFolder(manifest: string): string {
  return dirname(createRequire(manifest).resolve(manifest));
}
