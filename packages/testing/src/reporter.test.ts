import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const workspaceRoot = fileURLToPath(new URL('../../..', import.meta.url));

test('counts tests, files that cannot be loaded and errors that nobody caught', () => {
  // Below the root, where `vitest` resolves.
  const folder = mkdtempSync(join(workspaceRoot, 'node_modules/.reporter-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const test = (name: string, text: string): void =>
    writeFileSync(join(folder, `${name}.test.js`), `import { test, expect } from 'vitest';${text}`);
  test(
    'outcomes',
    `test('a', () => {}); test('b', () => expect(1).toBe(2)); test.skip('c'); test.todo('d');`,
  );
  test('cannot-load', `throw new Error('at import');`);
  test(
    'uncaught',
    `test('e', async () => { setTimeout(() => { throw new Error('late'); }); await new Promise((resolve) => setTimeout(resolve, 50)); });`,
  );

  const summary = join(folder, 'summary.json');
  const vitest = join(workspaceRoot, 'node_modules/vitest/vitest.mjs');
  const reporter = join(workspaceRoot, 'packages/testing/src/reporter.ts');
  const run = spawnSync(
    process.execPath,
    // Without `--exclude` vitest passes over everything in node_modules.
    [vitest, 'run', '--root', folder, '--dir', folder, '--exclude', 'none', '--reporter', reporter],
    { env: { ...process.env, SAMGPU_TEST_SUMMARY: summary }, encoding: 'utf8' },
  );
  expect(run.status).not.toBe(0);
  expect(JSON.parse(readFileSync(summary, 'utf8'))).toEqual({ passed: 2, failed: 3, skipped: 2 });
});
