import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StepError } from './failure.js';
import { install, isInstalled } from './install.js';
import { temporaryFolder, writeFiles } from './temporary-workspace.ts';
import { listPackages } from './workspace.js';

const lockFile = `lockfileVersion: '9.0'

importers:

  .: {}

  packages/library: {}
`;

/** A workspace without dependencies, which pnpm installs without the network. */
function emptyWorkspace(): string {
  return temporaryFolder({
    'package.json': '{ "name": "root", "private": true }',
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\npmOnFail: ignore\n',
    'pnpm-lock.yaml': lockFile,
    'packages/library/package.json': '{ "name": "library" }',
  });
}

describe('install', () => {
  test('is done once, until something changes that it depends on', async () => {
    const root = emptyWorkspace();
    const packages = listPackages(root);
    expect(isInstalled(root, packages, 'all')).toBe(false);

    await install(root, packages, 'all');
    expect(isInstalled(root, packages, 'all')).toBe(true);
    expect(isInstalled(root, packages, 'command')).toBe(true);

    appendFileSync(join(root, 'pnpm-lock.yaml'), '\n');
    expect(isInstalled(root, packages, 'all')).toBe(false);
  });

  test('for the command does not do for the tools', async () => {
    const root = emptyWorkspace();
    const packages = listPackages(root);
    await install(root, packages, 'command');
    expect(isInstalled(root, packages, 'command')).toBe(true);
    expect(isInstalled(root, packages, 'all')).toBe(false);
  });

  test('is needed again when node_modules is gone', async () => {
    const root = emptyWorkspace();
    const packages = listPackages(root);
    await install(root, packages, 'all');
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(isInstalled(root, packages, 'all')).toBe(false);
  });

  test('that fails says what to do, and does not count', async () => {
    const root = emptyWorkspace();
    const packages = listPackages(root);
    await install(root, packages, 'all');
    writeFiles(root, {
      'packages/library/package.json': '{ "name": "library", "dependencies": { "x": "1.0.0" } }',
    });
    const failure = await install(root, packages, 'all').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StepError);
    expect(String(failure)).toContain('pnpm-lock.yaml does not fit the package.json files');

    writeFiles(root, { 'packages/library/package.json': '{ "name": "library" }' });
    expect(isInstalled(root, packages, 'all')).toBe(false);
  });
});
