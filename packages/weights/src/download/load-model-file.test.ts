import { createHash } from 'node:crypto';
import { open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import type { ModelCache } from '../index.ts';
import { Bench, content, hex, newContent, pinned, sha256 } from './fixtures/bench.ts';
import type { Behaviour, ModelServer } from './fixtures/model-server.ts';

let bench: Bench;
let folder: string;
let cache: ModelCache;
let server: ModelServer;
afterEach(() => bench.stop());

async function serve(changes: Partial<Behaviour> = {}): Promise<void> {
  bench = await Bench.start(changes);
  ({ folder, cache, server } = bench);
}

const load: Bench['load'] = (file, options) => bench.load(file, options);

describe('a sound server', () => {
  test('is asked once, reports progress, and leaves one file', async () => {
    await serve();
    const { bytes, progress } = await load(pinned);
    expect(bytes).toEqual(content);
    expect(progress[0]).toEqual({
      phase: 'downloading',
      loaded: 0,
      total: content.length,
      resumed: 0,
    });
    expect(progress.at(-1)).toEqual({
      phase: 'done',
      loaded: content.length,
      total: content.length,
      resumed: 0,
    });
    expect(progress.length).toBeGreaterThan(3);
    expect((await readdir(folder)).sort()).toEqual([
      `sha256-${sha256}.json`,
      `sha256-${sha256}.model`,
    ]);
    expect((await load(pinned)).bytes).toEqual(content);
    expect(server.log).toHaveLength(1);
  });

  test('any pinned hash is checked and names the file', async () => {
    const gitBlob = createHash('sha1')
      .update(`blob ${content.length}\0`)
      .update(content)
      .digest('hex');
    const md5 = hex('md5', content);
    // Without a length the size that a git blob's hash begins with is not known before the end.
    for (const contentLength of [undefined, null]) {
      await serve({ contentLength });
      await load({ md5: md5.toUpperCase() });
      await load({ gitBlob });
      await load({ sha256, md5, gitBlob });
      expect((await cache.list()).map(({ key }) => key).sort()).toEqual([
        `git-${gitBlob}`,
        `md5-${md5}`,
        `sha256-${sha256}`,
      ]);
      await cache.clear();
      await expect(load({ md5: '0'.repeat(32) })).rejects.toThrow('expected 0000');
      await expect(load({ gitBlob: '0'.repeat(40) })).rejects.toThrow('gitBlob');
      await expect(load({ sha256, md5: '0'.repeat(32) })).rejects.toThrow('md5');
      expect(await cache.list()).toEqual([]);
      if (contentLength === undefined) await bench.stop();
    }
  });

  test('redirects are followed', async () => {
    await serve({
      handle: ({ url }, response) => {
        if (url !== '/old') return false;
        response.writeHead(302, { location: '/models/new.safetensors' }).end();
        return true;
      },
    });
    const { bytes } = await load({ ...pinned, url: new URL('/old', server.url) });
    expect(bytes).toEqual(content);
  });

  test('without a cache, and in memory', async () => {
    await serve();
    await load(pinned, { cache: false });
    await load(pinned, { cache: false });
    expect(server.log).toHaveLength(2);
    await load(pinned, { cache: 'memory' });
    expect((await load(pinned, { cache: 'memory' })).bytes).toEqual(content);
    expect(server.log).toHaveLength(3);
    expect(await readdir(folder)).toEqual([]);
  });

  test('is asked once by calls at the same time', async () => {
    await serve({ pause: 5 });
    const [first, second] = await Promise.all([load(pinned), load(pinned)]);
    expect(first.bytes).toEqual(content);
    expect(second.bytes).toEqual(content);
    expect(second.progress.map(({ phase }) => phase)).toContain('waiting');
    expect(server.log).toHaveLength(1);
  });

  test('a call that gives up waiting does not disturb the other', async () => {
    await serve({ pause: 5 });
    const controller = new AbortController();
    const first = load(pinned);
    const second = load(pinned, {
      signal: controller.signal,
      onProgress: ({ phase }) => phase === 'waiting' && controller.abort(new Error('left')),
    });
    await expect(second).rejects.toThrow('left');
    expect((await first).bytes).toEqual(content);
  });

  test('an own fetch and its headers', async () => {
    await serve();
    const seen: string[] = [];
    await load(pinned, {
      fetch: (url, init) => {
        seen.push(url instanceof Request ? url.url : url.toString());
        return fetch(url, init);
      },
    });
    expect(seen).toEqual([server.url]);
  });

  test('an error of the caller in onProgress is not retried', async () => {
    await serve();
    const onProgress = (): void => {
      throw new Error('mine');
    };
    await expect(load(pinned, { onProgress })).rejects.toThrow('mine');
    expect(server.log).toHaveLength(1);
  });
});

describe('files without a hash', () => {
  test('are asked for again, and loaded again only when they changed', async () => {
    await serve();
    await load();
    const { bytes, progress } = await load();
    expect(bytes).toEqual(content);
    expect(progress.map(({ phase }) => phase)).toEqual(['checking', 'done']);
    const [entry] = await cache.list();
    expect(entry).toMatchObject({ name: 'model.safetensors', url: server.url, complete: true });
    const changed = newContent();
    Object.assign(server.behaviour, { content: changed, etag: '"two"' });
    expect((await load()).bytes).toEqual(changed);
    expect(await cache.list()).toHaveLength(1);
  });

  test('are used unasked, with a warning, when the server is away', async () => {
    await serve();
    await load();
    server.behaviour.statuses.push({ status: 503 });
    const { bytes, warnings } = await load();
    expect(bytes).toEqual(content);
    expect(warnings.map(({ code }) => code)).toEqual(['not-revalidated']);
  });

  test('leave no secrets of their address behind', async () => {
    await serve();
    await load({ url: `${server.url}?token=secret` });
    const [entry] = await cache.list();
    expect(entry?.url).toBe(server.url);
    expect(await readFile(join(folder, `${entry?.key}.json`), 'utf8')).not.toContain('secret');
  });
});

describe('damage in the cache', () => {
  async function damage(change: (path: string) => Promise<void>): Promise<void> {
    await change(join(folder, `sha256-${sha256}.model`));
  }

  test('of the size or, in small files, of a byte is found, removed and loaded again', async () => {
    const flip = async (path: string): Promise<void> => {
      const handle = await open(path, 'r+');
      await handle.write(Uint8Array.of(content[1000]! ^ 1), 0, 1, 1000);
      await handle.close();
    };
    await serve();
    await load(pinned);
    for (const change of [(path: string) => truncate(path, 1000), flip]) {
      await damage(change);
      const { bytes, warnings } = await load(pinned);
      expect(bytes).toEqual(content);
      expect(warnings.map(({ code }) => code)).toEqual(['cache-damaged']);
    }
    expect(server.log).toHaveLength(3);
    await damage(flip);
    const { bytes } = await load(pinned, { verify: 'size' });
    expect(bytes).not.toEqual(content);
    expect((await load(pinned, { verify: 'hash' })).bytes).toEqual(content);
    expect((await stat(join(folder, `sha256-${sha256}.model`))).size).toBe(content.length);
  });

  test('of a file without a pinned hash is found by the hash of its download', async () => {
    await serve();
    await load();
    const [entry] = await cache.list();
    await writeFile(join(folder, `${entry?.key}.model`), new Uint8Array(content.length));
    const { bytes, warnings } = await load();
    expect(bytes).toEqual(content);
    expect(warnings).toHaveLength(1);
  });
});

test.each([
  { what: 'sha256', file: { sha256: 'abc' } },
  { what: 'md5', file: { md5: 'x'.repeat(32) } },
  { what: 'gitBlob', file: { gitBlob: '' } },
  { what: 'bytes', file: { bytes: -1 } },
  { what: 'url', file: { url: 'ftp://example.org/a' } },
])('a malformed $what is refused', async ({ what, file }) => {
  await serve();
  const error = load(file);
  await expect(error).rejects.toMatchObject({ code: 'argument' });
  await expect(error).rejects.toThrow(what);
  expect(server.log).toEqual([]);
});
