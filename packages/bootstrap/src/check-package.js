// @ts-check
import { join, relative } from 'node:path';
import { runCaptured } from './child.js';
import { pnpmCaptured } from './pnpm.js';
import { findStaleOutputs } from './stale-outputs.js';
import { readManifest, workspaceRoot } from './workspace.js';

/**
 * Packs a package and examines the tarball as its users would get it.
 *
 * @param {string} folder the package's
 * @param {string} scratch an empty folder for the tarball
 * @returns {Promise<string[]>} what is wrong with it
 */
export async function checkPackage(folder, scratch) {
  const stale = findStaleOutputs(folder);
  if (stale.length > 0) {
    const names = stale.map((path) => relative(folder, path)).join(', ');
    return [`Output of sources that are gone: ${names}. Remove it with \`npm run build\`.`];
  }
  const packed = await pnpmCaptured(['pack', '--json', '--pack-destination', scratch], {
    cwd: folder,
  });
  if (packed.code !== 0) return [packed.output];
  /** @type {{ filename: string, files: { path: string }[] }} */
  const { filename, files } = JSON.parse(packed.output.slice(packed.output.indexOf('{')));
  const problems = findUnwantedFiles(files.map((file) => file.path));
  const data = dataEntryPoints(folder).flatMap((name) => ['--exclude-entrypoints', name]);
  for (const [tool, ...args] of [
    ['publint', 'run', filename, '--strict'],
    ['attw', filename, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', ...data],
  ]) {
    const outcome = await runCaptured(join(workspaceRoot, 'node_modules/.bin', tool ?? ''), args);
    if (outcome.code !== 0) problems.push(outcome.output);
  }
  return problems;
}

/**
 * What a package exports that is no module, such as weights, and therefore has no types.
 *
 * @param {string} folder the package's
 */
function dataEntryPoints(folder) {
  const names = Object.keys(readManifest(folder).exports ?? {});
  return names.filter((name) => /\.\w+$/.test(name) && !/\.(js|json)$/.test(name));
}

/**
 * @param {readonly string[]} paths inside the package
 * @returns {string[]}
 */
export function findUnwantedFiles(paths) {
  const unwanted = paths.filter((path) => /\.test\.|(^|\/)fixtures\/|\.tsbuildinfo$/.test(path));
  const problems = unwanted.map((path) => `${path} must not be published: see "files".`);
  if (!paths.includes('LICENSE')) problems.push('The licence text is missing.');
  return problems;
}
