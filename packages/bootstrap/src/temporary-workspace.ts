import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { workspaceRoot } from './workspace.js';

/** A folder with these files, by path, that goes when the running test ends. */
export function temporaryFolder(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'samgpu-bootstrap-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFiles(root, files);
  return root;
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const project = {
  compilerOptions: {
    composite: true,
    module: 'nodenext',
    rootDir: 'src',
    outDir: 'dist',
    tsBuildInfoFile: 'dist/.tsbuildinfo',
    // Most of the time of a compilation this small would go into the standard library.
    skipLibCheck: true,
    lib: ['ES5'],
    types: [],
  },
  include: ['src'],
};

/**
 * A workspace of two packages, `application` on `library`, that this workspace's compiler builds.
 * `unrelated` is a third, which neither needs.
 */
export function temporaryWorkspace(): string {
  const manifest = (name: string, dependencies: Record<string, string> = {}): string =>
    JSON.stringify({ name, type: 'module', dependencies });
  const settings = (references: string[]): string =>
    JSON.stringify({
      ...project,
      references: references.map((path) => ({ path })),
    });
  const root = temporaryFolder({
    'package.json': manifest('root'),
    'packages/library/package.json': manifest('library'),
    'packages/library/tsconfig.json': settings([]),
    'packages/library/src/index.ts': 'export const answer = 42;\n',
    'packages/application/package.json': manifest('application', { library: 'workspace:^' }),
    'packages/application/tsconfig.json': settings(['../library']),
    'packages/application/src/index.ts': 'export const name = "application";\n',
    'packages/unrelated/package.json': manifest('unrelated'),
    'packages/unrelated/tsconfig.json': settings([]),
    'packages/unrelated/src/index.ts': 'export const name = "unrelated";\n',
  });
  mkdirSync(join(root, 'packages/tsconfig'));
  symlinkSync(
    join(workspaceRoot, 'packages/tsconfig/node_modules'),
    join(root, 'packages/tsconfig/node_modules'),
  );
  return root;
}
