import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { blobSource, memorySource, openFileSource } from './index.ts';
import { platform as browser } from './platform-browser.ts';
import { platform as node } from './platform-node.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);

describe.each([
  ['memorySource', async () => memorySource(bytes)],
  ['blobSource', async () => blobSource(new Blob([bytes]))],
  [
    'openFileSource',
    async () => {
      const path = join(folder, 'bytes');
      await writeFile(path, bytes);
      return openFileSource(path);
    },
  ],
] as const)('%s', (_, openSource) => {
  test('reads ranges', async () => {
    const source = await openSource();
    expect(source.size).toBe(100);
    expect(await source.read(0, 100)).toEqual(bytes);
    expect(await source.read(97, 3)).toEqual(Uint8Array.of(97, 98, 99));
    expect(await source.read(100, 0)).toEqual(new Uint8Array());
    await source.close?.();
  });

  test.each([
    [0, 101],
    [100, 1],
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [0, Number.NaN],
    [2 ** 53, 0],
    [0, 2 ** 53],
  ])('refuses offset %d with length %d', async (offset, length) => {
    const source = await openSource();
    await expect(source.read(offset, length)).rejects.toMatchObject({
      name: 'WeightsError',
      code: 'argument',
      message: `cannot read ${length} bytes at ${offset}: the source has 100 bytes`,
    });
    await source.close?.();
  });

  test('reads nothing once aborted', async () => {
    const source = await openSource();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(source.read(0, 10, signal)).rejects.toThrow('enough');
    await source.close?.();
  });
});

describe('openFileSource', () => {
  test('takes a file URL', async () => {
    const path = join(folder, 'with space #1');
    await writeFile(path, bytes);
    const source = await openFileSource(pathToFileURL(path));
    expect(await source.read(1, 2)).toEqual(Uint8Array.of(1, 2));
    await source.close?.();
  });

  test.each(['missing', '.'])('refuses what is no file: %s', async (name) => {
    await expect(openFileSource(join(folder, name))).rejects.toMatchObject({
      name: 'WeightsError',
      code: 'read-failed',
      message: expect.stringContaining(join(folder, name)),
    });
  });

  test('notices that the file was cut short behind its back', async () => {
    const path = join(folder, 'shrinking');
    await writeFile(path, bytes);
    const source = await openFileSource(path);
    await truncate(path, 50);
    await expect(source.read(40, 20)).rejects.toMatchObject({
      code: 'read-failed',
      message: expect.stringContaining('ended at byte 50, expected 10 more'),
    });
    await source.close?.();
  });

  test('fails with our error after close', async () => {
    const path = join(folder, 'closed');
    await writeFile(path, bytes);
    const source = await openFileSource(path);
    await source.close?.();
    await expect(source.read(0, 1)).rejects.toMatchObject({ code: 'read-failed' });
  });

  test('says in a browser what to use instead', async () => {
    await expect(browser.openFile('a.safetensors')).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('Use fetchSource for a URL'),
    });
  });
});

// By Python's hashlib.
const expectedHashes = {
  sha256: '7e92ef1870a71a5904bba939ae3577afb50efe710aa72ebb73d2d98423609095',
  sha1: '875ef6439e2c3bb6ee8e41d55bbef85e940f1105',
  md5: '38bf66cc9ce9306a582f7f23795bd30e',
} as const;

describe.each([
  ['Node', node],
  ['browsers', browser],
])('hashes in pieces in %s', (_, platform) => {
  test.each(['sha256', 'sha1', 'md5'] as const)('%s is right', (algorithm) => {
    const hash = platform.createHash(algorithm);
    for (const length of [0, 1, 63, 64, 65, 1000]) {
      hash.update(new Uint8Array(length).fill(length));
    }
    expect(hash.digest()).toBe(expectedHashes[algorithm]);
  });
});
