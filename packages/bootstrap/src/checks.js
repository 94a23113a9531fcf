// @ts-check
import { join } from 'node:path';
import { runCaptured } from './child.js';
import { StepError } from './failure.js';
import { findLongFiles } from './file-size.js';
import { pnpmCaptured } from './pnpm.js';
import { prepare, wholeWorkspace } from './prepare.js';
import { toolNode } from './system-node.js';
import { toolEnvironment } from './test-environment.js';
import { findTestImports } from './test-imports.js';
import { workspaceRoot } from './workspace.js';

/** @import { Outcome } from './child.js' */

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {() => Promise<Pick<Outcome, 'code' | 'output'>>} run
 */

/**
 * What is checked before the tests run, in this order: the later ones use what the build made.
 *
 * @type {readonly Check[]}
 */
export const checks = [
  { name: 'build', run: buildAll },
  {
    name: 'types of tests and tools',
    run: () => nodeTool('packages/tsconfig/node_modules/typescript/bin/tsc', ['-p', testsProject]),
  },
  { name: 'lint', run: () => tool('oxlint', []) },
  { name: 'format', run: () => tool('oxfmt', ['--check']) },
  { name: 'file sizes', run: checkFileSizes },
  { name: 'dependencies of what is built', run: checkTestImports },
  { name: 'packages', run: checkPackages },
];

const testsProject = 'packages/tsconfig/tests.json';

async function buildAll() {
  try {
    await prepare('all', wholeWorkspace());
    return { code: 0, output: '' };
  } catch (error) {
    if (error instanceof StepError) return { code: 1, output: error.message };
    throw error;
  }
}

async function checkFileSizes() {
  const long = findLongFiles(workspaceRoot);
  const lines = long.map(({ path, lines, limit }) => `${path}: ${lines} lines, at most ${limit}`);
  return { code: long.length > 0 ? 1 : 0, output: lines.join('\n') };
}

async function checkTestImports() {
  const found = findTestImports(workspaceRoot);
  return { code: found.length > 0 ? 1 : 0, output: found.join('\n') };
}

/** Packs each public package and looks at the result, unless nothing changed since the last time. */
function checkPackages() {
  const turbo = ['turbo', 'run', 'check:package', '--no-color', '--output-logs=errors-only'];
  const schedule = ['--concurrency=2', '--continue=dependencies-successful'];
  return pnpmCaptured(['exec', ...turbo, ...schedule], { env: toolEnvironment() });
}

/**
 * @param {string} name of a program in the root's node_modules/.bin
 * @param {readonly string[]} args
 */
function tool(name, args) {
  const extension = process.platform === 'win32' ? '.CMD' : '';
  const program = join(workspaceRoot, 'node_modules', '.bin', name + extension);
  return runCaptured(program, args, { cwd: workspaceRoot, env: toolEnvironment() });
}

/**
 * @param {string} path of a script, from the root
 * @param {readonly string[]} args
 */
function nodeTool(path, args) {
  return runCaptured(toolNode, [join(workspaceRoot, path), ...args], {
    cwd: workspaceRoot,
    env: toolEnvironment(),
  });
}
