// Python's zipfile and its mimetypes read what we pack.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { sampleDocument } from '../fixtures/sample-document.ts';
import { defaultLimits } from '../limits.ts';
import { writeOpenRaster } from '../openraster/write-openraster.ts';
import { ZipArchive } from './read-zip.ts';
import { writeZip } from './write-zip.ts';

const python = process.env['SAMGPU_PYTHON'] ?? '/usr/bin/python3';
const isMissing = !existsSync(python);
const hint = isMissing ? ` (skipped: no ${python})` : '';

const program = `
import hashlib, io, json, sys, zipfile
data = sys.stdin.buffer.read()
archive = zipfile.ZipFile(io.BytesIO(data))
assert archive.testzip() is None
json.dump([
    [entry.filename, entry.compress_type, hashlib.sha256(archive.read(entry)).hexdigest()]
    for entry in archive.infolist()
], sys.stdout)
`;

const text = 'ab'.repeat(5000);
const files = [
  { name: 'mimetype', content: 'text/plain', stored: true },
  { name: 'Ordner/größe 🐈.txt', content: text },
  { name: 'empty', content: new Uint8Array(0) },
  { name: 'blob', content: new Blob([text]), stored: true },
];

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

async function sha256(content: Blob | Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = await bytesOf(new Blob([content]));
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

describe.skipIf(isMissing)(`Python${hint}`, () => {
  test('reads names, order and content', async () => {
    const input = await bytesOf(await writeZip(files, ''));
    const run = spawnSync(python, ['-c', program], { input, encoding: 'utf8' });
    expect(run.stderr).toBe('');
    const expected = [];
    for (const { name, content, stored } of files) {
      expected.push([name, stored === true ? 0 : 8, await sha256(content)]);
    }
    expect(JSON.parse(run.stdout)).toEqual(expected);
  });
});

test('the same files give the same bytes, and come back', async () => {
  const bytes = await bytesOf(await writeZip(files, ''));
  expect(bytes).toEqual(await bytesOf(await writeZip(files, '')));
  const archive = await ZipArchive.open(bytes, defaultLimits);
  expect(archive.names).toEqual(files.map(({ name }) => name));
  expect(await archive.readText('Ordner/größe 🐈.txt')).toBe(text);
  expect(await archive.readText('empty')).toBe('');
  await expect(archive.read('none')).rejects.toMatchObject({ code: 'damaged' });
});

test('an OpenRaster archive says what it is in its first bytes, uncompressed', async () => {
  const bytes = await bytesOf(await writeOpenRaster(sampleDocument()));
  expect(Buffer.from(bytes.subarray(30, 54)).toString()).toBe('mimetypeimage/openraster');
  const archive = await ZipArchive.open(bytes, defaultLimits);
  expect(archive.names.slice(0, 2)).toEqual(['mimetype', 'stack.xml']);
  expect(archive.names).toContain('mergedimage.png');
  expect(archive.names).toContain('Thumbnails/thumbnail.png');
});
