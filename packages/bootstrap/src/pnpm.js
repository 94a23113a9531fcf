// @ts-check
import { runAttached, runCaptured } from './child.js';
import { readManifest, workspaceRoot } from './workspace.js';

/** @import { ChildOptions, Outcome } from './child.js' */

/**
 * @typedef {object} Program
 * @property {string} command
 * @property {readonly string[]} args to put before its own
 */

/** @type {Promise<Program> | undefined} */
let found;

/**
 * pnpm as it is on this machine, if its major version is ours, else fetched by npx, which comes with
 * npm. Nothing is installed globally.
 *
 * @returns {Promise<Program>}
 */
function findPnpm() {
  found ??= (async () => {
    const wanted = readManifest(workspaceRoot).packageManager ?? 'pnpm';
    const installed = await runCaptured('pnpm', ['--version'], { cwd: workspaceRoot });
    if (installed.code === 0 && majorOf(installed.output) === majorOf(wanted.split('@')[1] ?? '')) {
      return { command: 'pnpm', args: [] };
    }
    return { command: 'npx', args: ['--yes', wanted] };
  })();
  return found;
}

/** @param {string} version */
function majorOf(version) {
  return version.trim().split('.')[0];
}

/**
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<Outcome>}
 */
export async function pnpmCaptured(args, options = {}) {
  const pnpm = await findPnpm();
  return runCaptured(pnpm.command, [...pnpm.args, ...args], { cwd: workspaceRoot, ...options });
}

/**
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<Outcome>}
 */
export async function pnpmAttached(args, options = {}) {
  const pnpm = await findPnpm();
  return runAttached(pnpm.command, [...pnpm.args, ...args], { cwd: workspaceRoot, ...options });
}
