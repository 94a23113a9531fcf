import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { loadModelFile, type LoadModelFileOptions, writeSafetensors } from '../index.ts';
import { locate } from './model-file.ts';

const sha256 = 'ab'.repeat(32);
const published = 'https://example.org/org/repo/resolve/main/model%20one.safetensors?download=true';

describe('the address within a base', () => {
  test.each([
    {
      base: 'https://mirror.test/models',
      url: 'https://mirror.test/models/model%20one.safetensors',
    },
    {
      base: 'https://mirror.test/models/',
      url: 'https://mirror.test/models/model%20one.safetensors',
    },
    { base: 'https://mirror.test', url: 'https://mirror.test/model%20one.safetensors' },
    {
      base: new URL('https://mirror.test/a?key=b'),
      url: 'https://mirror.test/a/model%20one.safetensors?key=b',
    },
    {
      base: 'https://mirror.test/{hash}',
      url: `https://mirror.test/${sha256}/model%20one.safetensors`,
    },
    {
      base: new URL('https://mirror.test/{hash}'),
      url: `https://mirror.test/${sha256}/model%20one.safetensors`,
    },
    { base: 'file:///srv/models', url: 'file:///srv/models/model%20one.safetensors' },
    { base: '/srv/models', url: 'file:///srv/models/model%20one.safetensors' },
    { base: '/srv/100% {hash}', url: `file:///srv/100%25%20${sha256}/model%20one.safetensors` },
    { base: 'models', url: `${pathToFileURL('models').href}/model%20one.safetensors` },
  ])('$base gives $url', ({ base, url }) => {
    expect(locate({ url: published, sha256 }, base).url.href).toBe(url);
  });

  test('does not change what the cache knows a pinned file by', () => {
    expect(locate({ url: published, sha256 }, 'https://mirror.test').key).toBe(`sha256-${sha256}`);
    const plain = locate({ url: published }, undefined).key;
    expect(plain).toMatch(/^url-/);
    expect(locate({ url: published }, 'https://mirror.test').key).not.toBe(plain);
    expect(locate({ url: `${published}#part` }, undefined).key).toBe(plain);
  });

  test('needs a hash for {hash}', () => {
    expect(() => locate({ url: published }, 'https://mirror.test/{hash}')).toThrow(
      'Pin its sha256',
    );
  });
});

describe('a folder as base', () => {
  const content = writeSafetensors([
    ['a', { dtype: 'u8', shape: [3], bytes: Uint8Array.of(1, 2, 3) }],
  ]);
  const file = {
    url: 'https://unreachable.invalid/x/model.safetensors',
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'samgpu-base-')), 'mödels 100%');
    await mkdir(folder);
    await writeFile(join(folder, 'model.safetensors'), content);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(join(folder, '..'), { recursive: true });
  });

  async function read(options: LoadModelFileOptions, changes: object = {}): Promise<Uint8Array> {
    const source = await loadModelFile(
      { ...file, ...changes },
      {
        cache: false,
        fetch: () => Promise.reject(new Error('nothing should be fetched')),
        ...options,
      },
    );
    const bytes = await source.read(0, source.size);
    await source.close?.();
    return bytes;
  }

  test('is read in place: as path, as URL, from the environment, and as the file itself', async () => {
    expect(await read({ baseUrl: folder })).toEqual(content);
    expect(await read({ baseUrl: pathToFileURL(folder) })).toEqual(content);
    expect(await read({}, { url: join(folder, 'model.safetensors') })).toEqual(content);
    vi.stubEnv('SAMGPU_MODEL_BASE', folder);
    expect(await read({})).toEqual(content);
    expect(await read({}, { sha256: undefined })).toEqual(content);
  });

  test('is checked, and nothing is fetched in place of what it lacks', async () => {
    await expect(
      read({ baseUrl: folder }, { url: 'https://a.invalid/no.pt' }),
    ).rejects.toMatchObject({
      code: 'read-failed',
    });
    await expect(read({ baseUrl: folder }, { sha256 })).rejects.toMatchObject({
      code: 'checksum-mismatch',
    });
    await expect(read({ baseUrl: folder }, { bytes: 3 })).rejects.toMatchObject({
      code: 'wrong-length',
    });
    await writeFile(join(folder, 'model.safetensors'), '<html>');
    const unpinned = { sha256: undefined, bytes: undefined };
    await expect(read({ baseUrl: folder }, unpinned)).rejects.toMatchObject({
      code: 'not-a-model',
    });
  });
});
