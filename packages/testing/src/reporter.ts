import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Sums of one vitest run, as the workspace's `npm test` adds them to its own checks. */
export interface RunSummary {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Counts the tests of finished modules.
 *
 * A module that fails outside of its tests (an import that throws, an `afterAll` that rejects)
 * counts as one failed test; so does each error that no test caught. Otherwise such a run would
 * read as "0 failed".
 */
export function summarize(
  modules: readonly TestModule[],
  unhandledErrors: readonly unknown[],
): RunSummary {
  const summary: RunSummary = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const testModule of modules) {
    let failedInModule = 0;
    for (const test of testModule.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') summary.passed += 1;
      else if (state === 'failed') failedInModule += 1;
      else summary.skipped += 1;
    }
    const failedOutsideTests = testModule.state() === 'failed' && failedInModule === 0;
    summary.failed += failedOutsideTests ? 1 : failedInModule;
  }
  return summary;
}

/** Writes the {@link RunSummary} as JSON to the file that `SAMGPU_TEST_SUMMARY` names, if any. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const path = process.env['SAMGPU_TEST_SUMMARY'];
    if (path === undefined || path === '') return;
    writeFileSync(path, JSON.stringify(summarize(modules, unhandledErrors)));
  }
}
