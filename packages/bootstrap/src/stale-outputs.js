// @ts-check
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

const declaration = '.d.ts';
const outputs = ['.js', '.js.map', '.d.ts', '.d.ts.map'];
const sources = ['.ts', '.tsx'];

/**
 * The compiler's outputs in a package's `dist` whose sources no longer exist. A package that is
 * packed with them would publish modules that nobody can find in its sources.
 *
 * Only files beside a declaration count: what another tool put there is not ours to judge.
 *
 * @param {string} folder the package's
 * @returns {string[]} absolute paths
 */
export function findStaleOutputs(folder) {
  const dist = join(folder, 'dist');
  if (!existsSync(dist)) return [];
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(declaration))
    .map((entry) => join(entry.parentPath, entry.name).slice(0, -declaration.length))
    .filter((stem) => {
      const source = join(folder, 'src', relative(dist, stem));
      return !sources.some((extension) => existsSync(source + extension));
    })
    .flatMap((stem) => outputs.map((extension) => stem + extension))
    .filter((path) => existsSync(path));
}

/**
 * @param {string} folder the package's
 * @returns {string[]} what was removed
 */
export function removeStaleOutputs(folder) {
  const stale = findStaleOutputs(folder);
  for (const path of stale) rmSync(path);
  return stale;
}
