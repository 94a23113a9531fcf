import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { build, isBuilt } from './build.js';
import { StepError } from './failure.js';
import { temporaryWorkspace, writeFiles } from './temporary-workspace.ts';
import { closureOf, listPackages } from './workspace.js';

const targetIn = (root: string): Parameters<typeof build>[1] => ({
  name: 'application',
  project: 'packages/application',
  packages: closureOf(listPackages(root), 'application'),
});

describe('build', () => {
  test('compiles a target and what it depends on, once', async () => {
    const root = temporaryWorkspace();
    const target = targetIn(root);
    expect(isBuilt(root, target)).toBe(false);

    await build(root, target);
    expect(existsSync(join(root, 'packages/application/dist/index.js'))).toBe(true);
    expect(existsSync(join(root, 'packages/library/dist/index.js'))).toBe(true);
    expect(existsSync(join(root, 'packages/unrelated/dist'))).toBe(false);
    expect(isBuilt(root, target)).toBe(true);
  });

  test.each([
    ['a source', { 'packages/application/src/index.ts': 'export const name = "changed";\n' }],
    ['a source of a dependency', { 'packages/library/src/index.ts': 'export const answer = 7;\n' }],
    ['a new source', { 'packages/library/src/new.ts': 'export const added = true;\n' }],
    ['the settings', { 'packages/library/tsconfig.json': '{ "include": ["src"] }' }],
  ])('is needed again after a change to %s', async (_what, change) => {
    const root = temporaryWorkspace();
    const target = targetIn(root);
    await build(root, target);
    writeFiles(root, change);
    expect(isBuilt(root, target)).toBe(false);
  });

  test.each([
    ['a test', { 'packages/library/src/index.test.ts': 'export {};\n' }],
    ['a fixture', { 'packages/library/src/fixtures/case.json': '{}' }],
    ['a package that is not part of it', { 'packages/unrelated/src/index.ts': '// changed\n' }],
  ])('is not needed again after a change to %s', async (_what, change) => {
    const root = temporaryWorkspace();
    const target = targetIn(root);
    await build(root, target);
    writeFiles(root, change);
    expect(isBuilt(root, target)).toBe(true);
  });

  test('is needed again when an output is gone', async () => {
    const root = temporaryWorkspace();
    const target = targetIn(root);
    await build(root, target);
    rmSync(join(root, 'packages/library/dist'), { recursive: true });
    expect(isBuilt(root, target)).toBe(false);
  });

  test('that fails shows the error, and does not count', async () => {
    const root = temporaryWorkspace();
    const target = targetIn(root);
    await build(root, target);
    const good = 'export const answer = 42;\n';
    writeFiles(root, { 'packages/library/src/index.ts': 'export const answer: string = 42;\n' });
    const failure = await build(root, target).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StepError);
    expect(String(failure)).toContain('library/src/index.ts(1,14): error TS2322');

    // Not even the earlier success may count: it may have left half of the outputs behind.
    writeFiles(root, { 'packages/library/src/index.ts': good });
    expect(isBuilt(root, target)).toBe(false);
  });

  test('removes the output of a source that is gone', async () => {
    const root = temporaryWorkspace();
    const target = targetIn(root);
    writeFiles(root, { 'packages/library/src/old/thing.ts': 'export const old = true;\n' });
    await build(root, target);
    expect(existsSync(join(root, 'packages/library/dist/old/thing.js'))).toBe(true);

    rmSync(join(root, 'packages/library/src/old'), { recursive: true });
    await build(root, target);
    expect(existsSync(join(root, 'packages/library/dist/old/thing.js'))).toBe(false);
    expect(existsSync(join(root, 'packages/library/dist/index.js'))).toBe(true);
  });
});
