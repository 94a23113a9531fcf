// @ts-check
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from '../child.js';
import { StepError } from '../failure.js';
import { addFiles, installFingerprint } from '../fingerprint.js';
import { ensure } from '../prepare.js';
import { readStamp, removeStamp, writeStamp } from '../stamp.js';
import { closureOf, listPackages, workspaceRoot } from '../workspace.js';

/** @import { Dirent } from 'node:fs' */
/** @import { Package } from '../workspace.js' */

const studioFolder = join(workspaceRoot, 'apps/studio');
const stampName = 'site-studio';

/** The folder of files that any server can host. */
export const studioSite = join(studioFolder, 'dist');

/** Installs what the Studio needs and builds its site, where that has not been done yet. */
export async function prepareStudio() {
  const packages = listPackages();
  await ensure('studio', {
    title: 'Building the Studio',
    isBuilt: () =>
      readStamp(workspaceRoot, stampName) === siteFingerprint(packages) &&
      existsSync(join(studioSite, 'index.html')),
    build: async () => {
      removeStamp(workspaceRoot, stampName);
      // Taken before the build: what is edited while it runs must not count as built.
      const fingerprint = siteFingerprint(packages);
      await buildSite();
      writeStamp(workspaceRoot, stampName, fingerprint);
    },
  });
}

/**
 * Builds the Studio's site from what is installed.
 *
 * @param {readonly string[]} [args] for Vite; by default the site goes to {@link studioSite}
 * @throws {StepError} where Vite finds errors
 */
export async function buildSite(args = []) {
  const vite = join(studioFolder, 'node_modules/vite/bin/vite.js');
  const all = [vite, 'build', '--logLevel', 'warn', ...args];
  const outcome = await runCaptured(process.execPath, all, {
    cwd: studioFolder,
    // Tests set another, with which React would be its slow self.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (outcome.code !== 0) {
    throw new StepError('The build', outcome, ['The errors above name the files to correct.']);
  }
}

/**
 * Vite compiles the sources of every package that the Studio uses, so all of them count, and so do the
 * versions that are installed.
 *
 * @param {readonly Package[]} packages
 */
function siteFingerprint(packages) {
  const hash = createHash('sha256');
  hash.update(installFingerprint(workspaceRoot, packages));
  for (const { folder } of closureOf(packages, '@samgpu/studio')) {
    addFiles(hash, workspaceRoot, folder, isSource);
  }
  return hash.digest('hex');
}

const leftOut = new Set(['node_modules', 'dist', 'fixtures', 'assets', 'training']);

/** @param {Dirent} entry */
function isSource(entry) {
  if (entry.name.startsWith('.') || leftOut.has(entry.name)) return false;
  return entry.isDirectory() || !/\.(?:test\.ts|md)$/.test(entry.name);
}
