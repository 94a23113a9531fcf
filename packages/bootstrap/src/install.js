// @ts-check
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { adviceFor, StepError } from './failure.js';
import { installFingerprint } from './fingerprint.js';
import { pnpmCaptured } from './pnpm.js';
import { readStamp, removeStamp, writeStamp } from './stamp.js';

/** @import { Package } from './workspace.js' */

/**
 * `command`: what `samgpu` needs to be built and run. `studio`: what the Studio's site needs to be
 * built. `all`: the tools of development as well.
 *
 * @typedef {'command' | 'studio' | 'all'} Scope
 */

/**
 * @typedef {object} InstallStamp
 * @property {Scope} scope
 * @property {string} fingerprint
 * @property {string} layout
 */

const stampName = 'install';

/** @type {Record<Scope, readonly string[]>} */
const installArguments = {
  command: ['--prod', '--filter', '@samgpu/cli...', '--filter', '@samgpu/tsconfig'],
  studio: ['@samgpu/studio...', '@samgpu/cli...', '@samgpu/tsconfig'].flatMap((name) => [
    '--filter',
    name,
  ]),
  all: [],
};

/** Each has what those before it have. @type {readonly Scope[]} */
const scopes = ['command', 'studio', 'all'];

/**
 * @param {string} root
 * @param {readonly Package[]} packages
 * @param {Scope} scope
 */
export function isInstalled(root, packages, scope) {
  const stamp = /** @type {InstallStamp | undefined} */ (readStamp(root, stampName));
  return (
    stamp !== undefined &&
    scopes.indexOf(stamp.scope) >= scopes.indexOf(scope) &&
    stamp.layout === layoutOf(root) &&
    stamp.fingerprint === installFingerprint(root, packages)
  );
}

/**
 * @param {string} root
 * @param {readonly Package[]} packages
 * @param {Scope} scope
 * @throws {StepError} where pnpm fails
 */
export async function install(root, packages, scope) {
  const actual = scopeToInstall(root, scope);
  const fingerprint = installFingerprint(root, packages);
  removeStamp(root, stampName);
  const args = ['install', '--frozen-lockfile', ...installArguments[actual]];
  // Without a terminal pnpm would refuse to replace a node_modules of another shape.
  const outcome = await pnpmCaptured([...args, '--config.confirm-modules-purge=false'], {
    cwd: root,
  });
  if (outcome.code !== 0) {
    throw new StepError('The installation', outcome, adviceFor(outcome.output));
  }
  writeStamp(root, stampName, { scope: actual, fingerprint, layout: layoutOf(root) });
}

/**
 * @param {string} root
 * @param {Scope} scope
 * @returns {string} what people are told while {@link install} runs
 */
export function installTitle(root, scope) {
  return scopeToInstall(root, scope) === 'all'
    ? 'Installing the workspace and its tools'
    : 'Installing what this command needs (one time)';
}

/**
 * A partial install removes what it does not ask for, so where the tools of development are, they
 * are kept: `npm start` must not undo `npm test` or a developer's own `pnpm install`.
 *
 * @param {string} root
 * @param {Scope} scope
 * @returns {Scope}
 */
function scopeToInstall(root, scope) {
  if (existsSync(join(root, 'node_modules/vitest'))) return 'all';
  return existsSync(join(root, 'apps/studio/node_modules/vite')) && scope === 'command'
    ? 'studio'
    : scope;
}

/**
 * Tells one state of node_modules from another: pnpm writes this file at the end of each install,
 * also of those that were not ours.
 *
 * @param {string} root
 */
function layoutOf(root) {
  const stats = statSync(join(root, 'node_modules/.modules.yaml'), { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.size} ${stats.mtimeMs}`;
}
