// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** @import { Hash } from 'node:crypto' */
/** @import { Dirent } from 'node:fs' */
/** @import { Package } from './workspace.js' */

/**
 * Changes when an install could turn out differently: the lock file, any manifest, the platform.
 *
 * @param {string} root
 * @param {readonly Package[]} packages
 */
export function installFingerprint(root, packages) {
  const hash = createHash('sha256');
  hash.update(`${process.platform} ${process.arch}\n`);
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', '.npmrc'].map((name) =>
    join(root, name),
  );
  for (const file of [...files, ...packages.map((entry) => join(entry.folder, 'package.json'))]) {
    if (!existsSync(file)) continue;
    hash.update(`${relative(root, file)}\n`);
    hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * Changes when a build of these packages could turn out differently.
 *
 * @param {string} root
 * @param {readonly Package[]} packages
 */
export function buildFingerprint(root, packages) {
  const hash = createHash('sha256');
  for (const file of compilerSettings(root, packages)) {
    hash.update(`${relative(root, file)}\n`);
    hash.update(readFileSync(file));
  }
  for (const { folder } of packages) {
    if (isCompiled(folder)) addFiles(hash, root, join(folder, 'src'), isCompiledEntry);
  }
  return hash.digest('hex');
}

/**
 * @param {readonly Package[]} packages
 * @returns {boolean} whether each of them has been compiled at some time
 */
export function haveOutputs(packages) {
  return packages.every(
    ({ folder }) => !isCompiled(folder) || existsSync(join(folder, 'dist/.tsbuildinfo')),
  );
}

/**
 * @param {string} folder
 * @returns {boolean} whether `tsc -b` writes a `dist` there
 */
function isCompiled(folder) {
  return existsSync(join(folder, 'tsconfig.json')) && existsSync(join(folder, 'src'));
}

/**
 * @param {string} root
 * @param {readonly Package[]} packages
 */
function compilerSettings(root, packages) {
  const shared = ['base.json', 'all.json'].map((name) => join(root, 'packages/tsconfig', name));
  const own = packages.map((entry) => join(entry.folder, 'tsconfig.json'));
  return [...shared, ...own].filter((file) => existsSync(file));
}

/**
 * What of a `src` folder ends up in a build: no tests, and nothing of what lies beside the code, such
 * as fixtures.
 *
 * @param {Dirent} entry
 */
function isCompiledEntry(entry) {
  if (entry.isDirectory()) return entry.name !== 'fixtures';
  return /\.(ts|json)$/.test(entry.name) && !entry.name.endsWith('.test.ts');
}

/**
 * Adds the files below a folder to a fingerprint, in a stable order. They count by size and time, as
 * reading all of them at every start would take longer than the start itself.
 *
 * @param {Hash} hash
 * @param {string} root
 * @param {string} folder
 * @param {(entry: Dirent) => boolean} counts asked of files and of folders
 */
export function addFiles(hash, root, folder, counts) {
  if (!existsSync(folder)) return;
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (!counts(entry)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      addFiles(hash, root, path, counts);
    } else {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${relative(root, path)} ${size} ${mtimeMs}\n`);
    }
  }
}
