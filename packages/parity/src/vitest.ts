/** Cases as tests: the same checks that the command runs. */
import { fileURLToPath } from 'node:url';

import { sharedPath } from '@samgpu/testing';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type BackendName, type Engine, openEngine } from './core/engine.ts';
import type { CaseResult, StageResult } from './core/result.ts';
import { runCase } from './core/run-case.ts';
import { families } from './families/index.ts';

export interface CaseTests {
  readonly backend: BackendName;
  /** Folders with `case.json`. Undefined ones are not on this machine, and skipped. */
  readonly cases: Readonly<Record<string, string | undefined>>;
  /** Whether cases on pictures also run through the public API. @defaultValue true */
  readonly endToEnd?: boolean;
  /** For one case, in milliseconds. @defaultValue as for any test */
  readonly timeout?: number;
}

/**
 * A file or folder in the fixtures of a package.
 *
 * @param test - `import.meta.url` of a test in the package's `src`
 */
export function fixturePath(test: string, path: string): string {
  return fileURLToPath(new URL(`../fixtures/${path}`, test));
}

/** Cases there. */
export function fixtureCases(test: string, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, fixturePath(test, path)]));
}

/** Cases below `parity` in ../shared, on machines that have it. */
export function sharedCases(paths: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(paths.map((path) => [path, sharedPath('parity', ...path.split('/'))]));
}

/** One test per case, which names every stage that is off. */
export function describeCases({ backend, cases, endToEnd = true, timeout }: CaseTests): void {
  describe(`official outputs on ${backend}`, async () => {
    const reason = backend === 'webgpu' ? await missingAdapter() : '';
    let engine: Engine;
    beforeAll(async () => {
      if (reason === '') engine = await openEngine(backend);
    });
    afterAll(() => engine?.dispose());

    for (const [name, directory] of Object.entries(cases)) {
      const missing = directory === undefined ? ' (needs ../shared)' : '';
      test.skipIf(directory === undefined)(
        `${name}${missing}`,
        { ...(timeout && { timeout }) },
        async () => {
          expectPassed(await runCase(directory!, { families, engine, endToEnd }));
        },
      );
    }
  });
}

/** Why there is no adapter for tests, as an addition to a name; empty where there is one. */
async function missingAdapter(): Promise<string> {
  return (await openTestDevice()) === undefined ? missingDevice() : '';
}

/** Fails with every stage that is over its limit, the first of which names the fault. */
export function expectPassed({ error, stages, pass }: CaseResult): void {
  const problems = stages.filter((stage) => !stage.pass).map(problemOf);
  expect([...(error === undefined ? [] : [error]), ...problems]).toEqual([]);
  expect(pass).toBe(true);
}

function problemOf({ name, maxAbs, limit, worst, error, maskIoU }: StageResult): string {
  const place =
    worst === undefined ? '' : `, got ${worst.got} at ${worst.index}, wanted ${worst.expected}`;
  const overlap = maskIoU === undefined ? '' : `, IoU ${maskIoU}`;
  return error === undefined
    ? `${name}: off by ${maxAbs}, at most ${limit}${overlap}${place}`
    : `${name}: ${error}`;
}
