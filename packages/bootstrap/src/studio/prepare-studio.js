// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { embedShaders } from '../../../../kernels/scripts/embed-wgsl.js';
import { runCaptured } from '../child.js';
import { StepError } from '../failure.js';
import { installFingerprint } from '../fingerprint.js';
import { install, installTitle, isInstalled } from '../install.js';
import { withLock } from '../lock.js';
import { withProgress } from '../progress.js';
import { readStamp, removeStamp, writeStamp } from '../stamp.js';
import { closureOf, listPackages, workspaceRoot } from '../workspace.js';

/** @import { Package } from '../workspace.js' */

const studioFolder = join(workspaceRoot, 'apps/studio');
const stampName = 'site-studio';

/** The folder of files that any server can host. */
export const studioSite = join(studioFolder, 'dist');

/** Installs what the Studio needs and builds its site, where that has not been done yet. */
export async function prepareStudio() {
  const root = workspaceRoot;
  const packages = listPackages();
  const parts = closureOf(packages, '@samgpu/studio');
  // First: they are sources, which count for whether a build is needed.
  embedShaders();
  const isReady = () => isInstalled(root, packages, 'studio') && isSiteBuilt(packages, parts);
  if (isReady()) return;
  await withLock(root, async () => {
    // Another command may have done it while this one waited.
    if (!isInstalled(root, packages, 'studio')) {
      await withProgress(installTitle(root, 'studio'), () => install(root, packages, 'studio'));
    }
    if (!isSiteBuilt(packages, parts)) {
      await withProgress('Building the Studio', () => buildSite(packages, parts));
    }
  });
}

/**
 * @param {readonly Package[]} packages
 * @param {readonly Package[]} parts
 */
function isSiteBuilt(packages, parts) {
  return (
    readStamp(workspaceRoot, stampName) === siteFingerprint(packages, parts) &&
    existsSync(join(studioSite, 'index.html'))
  );
}

/**
 * @param {readonly Package[]} packages
 * @param {readonly Package[]} parts
 * @throws {StepError} where Vite finds errors
 */
async function buildSite(packages, parts) {
  removeStamp(workspaceRoot, stampName);
  // Taken before the build: what is edited while it runs must not count as built.
  const fingerprint = siteFingerprint(packages, parts);
  const vite = join(studioFolder, 'node_modules/vite/bin/vite.js');
  const outcome = await runCaptured(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: studioFolder,
    // Tests set another, with which React would be its slow self.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (outcome.code !== 0) {
    throw new StepError('The build', outcome, ['The errors above name the files to correct.']);
  }
  writeStamp(workspaceRoot, stampName, fingerprint);
}

/**
 * Vite compiles the sources of every package that the Studio uses, so all of them count, by size and
 * time, and so do the versions that are installed.
 *
 * @param {readonly Package[]} packages
 * @param {readonly Package[]} parts
 */
function siteFingerprint(packages, parts) {
  const hash = createHash('sha256');
  hash.update(installFingerprint(workspaceRoot, packages));
  for (const { folder } of parts) {
    for (const file of filesOf(folder)) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${relative(workspaceRoot, file)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

const leftOut = new Set(['node_modules', 'dist', 'fixtures', 'assets', 'training']);

/**
 * @param {string} folder
 * @returns {string[]} absolute, in a stable order
 */
function filesOf(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.') || leftOut.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(path);
    return /\.(?:test\.ts|md)$/.test(entry.name) ? [] : [path];
  });
}
