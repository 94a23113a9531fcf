import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { FileRecord } from '../file-record.ts';
import type { ModelCache } from '../model-cache.ts';
import { openModelCache } from '../open-model-cache.ts';
import { mountTiny, unmount } from '../../fixtures/tiny-disk.ts';
import { withLockFile } from './lock-file.ts';

const key = `sha256-${'ab'.repeat(32)}`;
const other = `md5-${'cd'.repeat(16)}`;
const bytes = Uint8Array.of(1, 2, 3, 4, 5);
const record: FileRecord = {
  name: 'a.safetensors',
  url: 'https://example.org/a.safetensors',
  address: '0'.repeat(64),
  total: bytes.length,
  stored: '2024-05-06T07:08:09.000Z',
};

let folder: string;
let cache: ModelCache;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'samgpu-cache-')), 'models');
  cache = await openModelCache({ folder });
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

function store(key: string): Promise<void> {
  return cache.write(key, {}, async (writer) => {
    await writer.restart(record);
    await writer.append(bytes);
    await (await writer.commit(record)).close?.();
  });
}

function storePart(key: string): Promise<void> {
  return cache.write(key, {}, async (writer) => {
    await writer.restart(record);
    await writer.append(bytes.subarray(0, 3));
  });
}

describe('a folder', () => {
  test('is not made before something is stored', async () => {
    expect(await cache.list()).toEqual([]);
    expect(await cache.size()).toBe(0);
    expect(await cache.remove(key)).toBe(false);
    await cache.clear();
    expect(existsSync(folder)).toBe(false);
  });

  test('lists, counts and removes files and parts', async () => {
    await store(key);
    await storePart(other);
    const { name, url } = record;
    const [first, second] = await cache.list();
    const stored = new Date(record.stored);
    expect([first, second]).toEqual(
      expect.arrayContaining([
        { key, name, url, bytes: 5, complete: true, stored },
        { key: other, name, url, bytes: 3, complete: false, stored },
      ]),
    );
    expect(await cache.size()).toBe(8);
    expect(await cache.remove(key)).toBe(true);
    expect(await cache.remove(key)).toBe(false);
    expect(await cache.open(key)).toBeUndefined();
    expect((await cache.list()).map(({ key }) => key)).toEqual([other]);
  });

  test('is cleared of its own files only', async () => {
    await store(key);
    await storePart(other);
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await writeFile(join(folder, `${key}.json.1234.tmp`), '');
    await cache.clear();
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  test.each(['../../a', 'notes.txt', '', `${key}/..`, key.toUpperCase()])(
    'takes %j for no key',
    async (key) => {
      await expect(cache.remove(key)).rejects.toMatchObject({ code: 'argument' });
    },
  );

  test('gives a file only with its record', async () => {
    await store(key);
    const found = await cache.open(key);
    expect(await found?.source.read(0, 5)).toEqual(bytes);
    expect(found?.record).toEqual(record);
    await found?.source.close?.();
    for (const text of ['', '{}', '{"name": 1}', 'null']) {
      await writeFile(join(folder, `${key}.json`), text);
      expect(await cache.open(key)).toBeUndefined();
      expect(await cache.list()).toMatchObject([{ complete: false, bytes: 5 }]);
    }
  });

  test('is an error with advice where it cannot be made', async () => {
    await writeFile(join(folder, '..', 'file'), '');
    cache = await openModelCache({ folder: join(folder, '..', 'file', 'models') });
    const error = store(key);
    await expect(error).rejects.toMatchObject({ code: 'cache-failed' });
    await expect(error).rejects.toThrow('SAMGPU_CACHE');
  });
});

describe('a full disk', () => {
  const hasFull = existsSync('/dev/full');

  test.skipIf(!hasFull)('is an error with the bytes that are missing', async () => {
    await mkdir(folder);
    await symlink('/dev/full', join(folder, `${key}.part`));
    const error = cache.write(key, {}, async (writer) => {
      // To truncate a device is an error of its own, which this is not about.
      await writer.append(bytes);
    });
    await expect(error).rejects.toMatchObject({ code: 'no-space' });
    await expect(error).rejects.toThrow(/more bytes, but \d+ are free/);
  });

  test('is found before the download where the size is known', async () => {
    const error = cache.write(key, {}, (writer) =>
      writer.restart({ ...record, total: Number.MAX_SAFE_INTEGER }),
    );
    await expect(error).rejects.toMatchObject({ code: 'no-space' });
    await expect(error).rejects.toThrow(`needs ${Number.MAX_SAFE_INTEGER} more bytes`);
    expect(await readdir(folder)).toEqual([]);
  });

  test('keeps what has arrived, and goes on when there is space', async ({ skip }) => {
    await mkdir(folder);
    const mount = folder;
    skip(!mountTiny(mount), 'needs the right to mount a file system');
    try {
      const piece = new Uint8Array(100_000).fill(7);
      const total = 4 * piece.length;
      await writeFile(join(mount, 'other'), piece);
      const fill = (): Promise<number> =>
        cache.write(key, {}, async (writer) => {
          if (writer.size === 0) {
            const { total: _, ...unknown } = record;
            await writer.restart(unknown);
          }
          while (writer.size < total) {
            await writer.append(piece.subarray(0, Math.min(piece.length, total - writer.size)));
          }
          return writer.size;
        });
      await expect(fill()).rejects.toMatchObject({ code: 'no-space' });
      expect(await cache.size()).toBeGreaterThan(0);
      await rm(join(mount, 'other'));
      expect(await fill()).toBe(total);
    } finally {
      unmount(mount);
    }
  });
});

describe('locks', () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;

  async function lock(owner: object, age: number): Promise<string> {
    const path = join(folder, `${key}.lock`);
    await mkdir(folder, { recursive: true });
    await writeFile(path, JSON.stringify({ token: 'other', ...owner }));
    const touched = new Date(Date.now() - age);
    await utimes(path, touched, touched);
    return path;
  }

  test('are released', async () => {
    await store(key);
    await expect(cache.write(key, {}, () => Promise.reject(new Error('mine')))).rejects.toThrow(
      'mine',
    );
    expect((await readdir(folder)).filter((name) => name.includes('lock'))).toEqual([]);
  });

  test('of a process that is gone are taken over at once, and its part is kept', async () => {
    await storePart(key);
    await lock({ pid: gone, host: hostname() }, 60_000);
    const start = performance.now();
    expect(await cache.write(key, {}, async ({ size }) => size)).toBe(3);
    // Far below the minute for an owner that may run.
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('are taken over by one of many', async () => {
    const path = await lock({ pid: gone, host: hostname() }, 60_000);
    let running = 0;
    let most = 0;
    // Without the queue that a process has for its own calls.
    await Promise.all(
      Array.from({ length: 6 }, () =>
        withLockFile(path, { onTakeover: () => Promise.reject(new Error('gone')) }, async () => {
          running++;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 10));
          running--;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  test('of a process that runs, or of another machine, are waited for', async () => {
    for (const owner of [
      { pid: process.pid, host: hostname() },
      { pid: gone, host: 'another-machine' },
    ]) {
      const path = await lock(owner, 3_600_000);
      let hasWaited = false;
      setTimeout(() => void rm(path), 400);
      const start = performance.now();
      await cache.write(key, { onWait: () => (hasWaited = true) }, async () => undefined);
      expect(hasWaited).toBe(true);
      expect(performance.now() - start).toBeGreaterThan(350);
    }
  });

  test('can be given up waiting for', async () => {
    const path = await lock({ pid: process.pid, host: hostname() }, 0);
    const signal = AbortSignal.timeout(300);
    const action = (): Promise<void> => Promise.resolve();
    await expect(cache.write(key, { signal }, action)).rejects.toThrow(/timeout/);
    expect(existsSync(path)).toBe(true);
  });

  test('that another took keep a file from being committed', async () => {
    const error = cache.write(key, {}, async (writer) => {
      await writer.restart(record);
      await writer.append(bytes);
      await lock({ pid: process.pid, host: 'thief' }, 0);
      await writer.commit(record);
    });
    await expect(error).rejects.toMatchObject({ code: 'cache-failed' });
    await expect(error).rejects.toThrow('took over');
    expect(await cache.open(key)).toBeUndefined();
    expect(await readFile(join(folder, `${key}.lock`), 'utf8')).toContain('thief');
  });
});
