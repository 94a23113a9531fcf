// @ts-check
import { join } from 'node:path';
import { exitCodeOf, runAttached } from './child.js';
import { prepareCommand } from './prepare.js';
import { findSystemNode } from './system-node.js';
import { workspaceRoot } from './workspace.js';

/**
 * Runs the workspace's `samgpu` as an installed one would run: compiled, on the machine's own Node,
 * in the folder that the user is in.
 *
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export async function runSamgpu(args) {
  await prepareCommand();
  const main = join(workspaceRoot, 'packages/cli/dist/main.js');
  return exitCodeOf(
    // npm runs scripts in the root, and keeps the user's folder in INIT_CWD.
    await runAttached(findSystemNode(), [main, ...args], {
      cwd: process.env['INIT_CWD'] ?? process.cwd(),
    }),
  );
}
