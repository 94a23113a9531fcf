import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { findUnwantedFiles } from './check-package.js';
import { adviceFor } from './failure.js';
import { findLongFiles } from './file-size.js';
import { findSystemNode, toolNode } from './system-node.js';
import { describeTally, sumOf } from './tally.js';
import { temporaryFolder, temporaryWorkspace } from './temporary-workspace.ts';
import { closureOf, listPackages } from './workspace.js';

test('closureOf follows dependencies, and only those', () => {
  const packages = listPackages(temporaryWorkspace());
  expect(packages.map((entry) => entry.manifest.name)).toContain('unrelated');
  const names = closureOf(packages, 'application').map((entry) => entry.manifest.name);
  expect(names).toEqual(['application', 'library']);
});

test('findLongFiles holds each language to its limit, generated and foreign files excepted', () => {
  const lines = (count: number): string => 'x\n'.repeat(count);
  const root = temporaryFolder({
    'packages/a/src/just-fits.ts': lines(500),
    'packages/a/src/too-long.ts': lines(501),
    'packages/a/src/shader.wgsl': lines(251),
    'packages/a/src/shaders.generated.ts': lines(9999),
    'packages/a/dist/bundle.js': lines(9999),
    'packages/a/node_modules/b/index.js': lines(9999),
    'packages/a/README.md': lines(9999),
  });
  expect(findLongFiles(root)).toEqual([
    { path: 'packages/a/src/shader.wgsl', lines: 251, limit: 250 },
    { path: 'packages/a/src/too-long.ts', lines: 501, limit: 500 },
  ]);
});

test('findUnwantedFiles names what a package must not contain, and what it lacks', () => {
  expect(findUnwantedFiles(['package.json', 'LICENSE', 'dist/index.js', 'src/index.ts'])).toEqual(
    [],
  );
  const problems = findUnwantedFiles([
    'src/index.test.ts',
    'src/fixtures/case.json',
    'dist/.tsbuildinfo',
  ]);
  expect(problems).toHaveLength(4);
  expect(problems.at(-1)).toContain('licence');
});

test('findSystemNode passes over the Node of the workspace and ones that do not exist', () => {
  const machine = temporaryFolder({ node: '' });
  expect(findSystemNode({ npm_node_execpath: toolNode, PATH: machine })).toBe(`${machine}/node`);
  expect(findSystemNode({ PATH: `/no/such/folder:${dirname(toolNode)}:${machine}` })).toBe(
    `${machine}/node`,
  );
});

test.each([
  ['request to https://example.test failed, reason: getaddrinfo ENOTFOUND', 'could not be reached'],
  ["EACCES: permission denied, mkdir '/x/node_modules'", 'could not be written'],
  ['ENOSPC: no space left on device', 'disk is full'],
  ['something unheard of', 'is safe'],
])('adviceFor %j', (output, advice) => {
  expect(adviceFor(output).join(' ')).toContain(advice);
});

test('the last line of a test run names skipped tests only if there are any', () => {
  const some = { passed: 2, failed: 0, skipped: 1 };
  const none = { passed: 3, failed: 1, skipped: 0 };
  expect(describeTally(none)).toBe('3 passed, 1 failed');
  expect(describeTally(sumOf([some, none]))).toBe('5 passed, 1 failed, 1 skipped');
});
