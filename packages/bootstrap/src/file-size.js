// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A file longer than this has more than one subject. */
const longest = new Map([
  ...['ts', 'tsx', 'js', 'mjs', 'css', 'py', 'scm', 'lua'].map(
    (extension) => /** @type {const} */ ([extension, 500]),
  ),
  ['wgsl', 250],
]);

const sourceRoots = ['packages', 'models', 'apps', 'kernels', 'benchmarks'];
const skippedFolders = new Set(['node_modules', 'dist', 'fixtures', 'generated']);

/**
 * @typedef {object} LongFile
 * @property {string} path from the root
 * @property {number} lines
 * @property {number} limit
 */

/**
 * The hand-written source files that are too long.
 *
 * @param {string} root
 * @returns {LongFile[]}
 */
export function findLongFiles(root) {
  return sourceRoots
    .map((name) => join(root, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => filesBelow(folder))
    .flatMap((path) => {
      const limit = longest.get(path.slice(path.lastIndexOf('.') + 1));
      if (limit === undefined || path.includes('.generated.')) return [];
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n').length;
      return lines > limit ? [{ path: relative(root, path), lines, limit }] : [];
    });
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || skippedFolders.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}
