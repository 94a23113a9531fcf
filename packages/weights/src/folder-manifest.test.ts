import { expect, test } from 'vitest';

import { parseFolderManifest } from './folder-manifest.ts';

const file = { name: 'a.safetensors', bytes: 3, sha256: 'a'.repeat(64) };

test('lists files by name', () => {
  const manifest = parseFolderManifest(JSON.stringify({ model: 'x', files: [file] }));
  expect([...manifest]).toEqual([['a.safetensors', file]]);
});

test.each([
  ['[]', 'the manifest is []'],
  ['{}', 'files undefined, expected a list'],
  [JSON.stringify({ files: [{ ...file, name: '../a' }] }), 'expected a plain name'],
  [JSON.stringify({ files: [{ ...file, name: '%2e%2e/a' }] }), 'expected a plain name'],
  [JSON.stringify({ files: [{ ...file, bytes: -1 }] }), 'expected a plain name, a number of bytes'],
  [JSON.stringify({ files: [{ ...file, sha256: 'abc' }] }), 'and a SHA-256'],
  [JSON.stringify({ files: [null] }), 'the manifest lists null'],
])('%s is refused', (json, message) => {
  expect(() => parseFolderManifest(json)).toThrow(message);
});
