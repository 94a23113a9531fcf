// @ts-check
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAttached } from './child.js';
import { toolNode } from './system-node.js';
import { testEnvironment } from './test-environment.js';
import { workspaceRoot } from './workspace.js';

/** @import { Tally } from './tally.js' */

/**
 * Runs vitest once for the whole workspace, on our own output.
 *
 * @param {readonly string[]} args
 * @param {{ full: boolean }} options full: with the tests that take minutes
 * @returns {Promise<Tally>}
 */
export async function runVitest(args, { full }) {
  const folder = mkdtempSync(join(tmpdir(), 'samgpu-test-'));
  const summary = join(folder, 'summary.json');
  try {
    const outcome = await runAttached(
      toolNode,
      [
        join(workspaceRoot, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--config',
        'packages/testing/vitest.config.ts',
        ...args,
      ],
      {
        cwd: workspaceRoot,
        env: {
          ...testEnvironment(),
          SAMGPU_TEST_SUMMARY: summary,
          ...(full ? { SAMGPU_TEST_FULL: '1' } : {}),
        },
      },
    );
    const tally = readTally(summary);
    // A run may fail without a failed test: no test found, a coverage goal missed, a crash.
    if (outcome.code !== 0 && tally.failed === 0) tally.failed = 1;
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @returns {Tally}
 */
function readTally(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
