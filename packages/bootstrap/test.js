// @ts-check
// `npm test [-- ARGS]`: every check of the workspace. With arguments only vitest runs, and gets them.
import { performance } from 'node:perf_hooks';
import { checks } from './src/checks.js';
import { enter } from './src/entry.js';
import { prepareTools } from './src/prepare.js';
import { secondsSince } from './src/progress.js';
import { ensurePythonPackages } from './src/python-packages.js';
import { ensureSystemPackages } from './src/system-packages.js';
import { describeTally, sumOf } from './src/tally.js';
import { runVitest } from './src/vitest.js';

/** @import { Check } from './src/checks.js' */
/** @import { Tally } from './src/tally.js' */

await enter(async () => {
  const full = process.argv.includes('--full');
  const vitestArguments = process.argv.slice(2).filter((argument) => argument !== '--full');

  /** @type {Tally[]} */
  const tallies = [];
  try {
    await prepareTools();
    await ensureSystemPackages();
    await ensurePythonPackages();
    if (vitestArguments.length === 0) {
      for (const check of checks) tallies.push(await runCheck(check));
    }
    tallies.push(await runVitest(vitestArguments, { full }));
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    tallies.push({ passed: 0, failed: 1, skipped: 0 });
  }

  const sum = sumOf(tallies);
  process.stdout.write(`\n${describeTally(sum)}\n`);
  return sum.failed > 0 ? 1 : 0;
});

/**
 * @param {Check} check
 * @returns {Promise<Tally>}
 */
async function runCheck({ name, run }) {
  const start = performance.now();
  const { code, output } = await run();
  const passed = code === 0;
  const duration = `${secondsSince(start)} s`;
  process.stdout.write(`${passed ? '✓' : '✗'} ${name} (${duration})\n`);
  if (!passed) process.stdout.write(`${output.trim()}\n`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}
