import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { embedShaders } from '../scripts/embed-wgsl.js';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'samgpu-embed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'twice'));
  return folder;
}

test('writes a module that exports the very text of the shader', async () => {
  const folder = temporaryFolder();
  const text = 'const A = `${1}`; // \\ back\nfn main() {}\n';
  writeFileSync(join(folder, 'twice/twice.wgsl'), text);
  const module = join(folder, 'twice/twice.wgsl.ts');
  expect(embedShaders(folder)).toEqual([module]);
  const { source } = (await import(pathToFileURL(module).href)) as { source: string };
  expect(source).toBe(text);
});

test('leaves a module alone that is up to date', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'twice/twice.wgsl'), 'fn main() {}\n');
  embedShaders(folder);
  const before = statSync(join(folder, 'twice/twice.wgsl.ts')).mtimeMs;
  expect(embedShaders(folder)).toEqual([]);
  expect(statSync(join(folder, 'twice/twice.wgsl.ts')).mtimeMs).toBe(before);
});

test('follows a shader that changes, and removes the module of one that is gone', () => {
  const folder = temporaryFolder();
  const shader = join(folder, 'twice/twice.wgsl');
  writeFileSync(shader, 'fn main() {}\n');
  embedShaders(folder);
  writeFileSync(shader, 'fn other() {}\n');
  expect(embedShaders(folder)).toEqual([`${shader}.ts`]);
  rmSync(shader);
  embedShaders(folder);
  expect(existsSync(`${shader}.ts`)).toBe(false);
});
