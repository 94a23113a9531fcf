// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Manifest The fields of a package.json that the commands read.
 * @property {string} name
 * @property {boolean} [private]
 * @property {string} [packageManager]
 * @property {Record<string, unknown>} [exports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 */

/**
 * @typedef {object} Package
 * @property {string} folder absolute
 * @property {Manifest} manifest
 */

/** The workspace's root folder, absolute. */
export const workspaceRoot = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** The same folders as in pnpm-workspace.yaml, which needs a YAML parser to read. */
const folderPatterns = ['packages/*', 'kernels', 'models/*', 'apps/*', 'benchmarks'];

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * Every package of the workspace, in a stable order; the root itself is not one of them.
 *
 * @param {string} [root]
 * @returns {Package[]}
 */
export function listPackages(root = workspaceRoot) {
  return folderPatterns
    .flatMap((pattern) => matchingFolders(root, pattern))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(folder) }));
}

/**
 * @param {string} root
 * @param {string} pattern
 */
function matchingFolders(root, pattern) {
  if (!pattern.endsWith('/*')) return [join(root, pattern)];
  const parent = join(root, pattern.slice(0, -2));
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .sort()
    .map((name) => join(parent, name));
}

/**
 * The named package and the workspace packages that it needs at run time, directly or not.
 *
 * @param {readonly Package[]} packages
 * @param {string} name
 * @returns {Package[]} in the order of `packages`
 */
export function closureOf(packages, name) {
  const byName = new Map(packages.map((entry) => [entry.manifest.name, entry]));
  const needed = new Set();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const entry = byName.get(next);
    if (entry === undefined || needed.has(entry)) continue;
    needed.add(entry);
    const { dependencies, optionalDependencies, peerDependencies } = entry.manifest;
    waiting.push(...Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }));
  }
  return packages.filter((entry) => needed.has(entry));
}
