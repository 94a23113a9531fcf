import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  type ByteSource,
  loadModelFile,
  type LoadModelFileOptions,
  type ModelCache,
  type ModelFile,
  type ModelProgress,
  type ModelWarning,
  openModelCache,
  writeSafetensors,
} from '../index.ts';
import { type Behaviour, type ModelServer, startModelServer } from './fixtures/model-server.ts';

const size = 300_000;
const content = safetensors();
const sha256 = hex('sha256', content);

function safetensors(): Uint8Array {
  const bytes = new Uint8Array(randomBytes(size));
  return writeSafetensors([['a', { dtype: 'u8', shape: [size], bytes }]]);
}

function hex(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

let folder: string;
let cache: ModelCache;
let server: ModelServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-cache-'));
  cache = await openModelCache({ folder });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function serve(changes: Partial<Behaviour> = {}): Promise<void> {
  server = await startModelServer({ content, ...changes });
}

interface Loaded {
  readonly bytes: Uint8Array;
  readonly progress: readonly ModelProgress[];
  readonly warnings: readonly ModelWarning[];
}

async function load(
  file: Partial<ModelFile> = {},
  options: LoadModelFileOptions = {},
): Promise<Loaded> {
  const progress: ModelProgress[] = [];
  const warnings: ModelWarning[] = [];
  const source = await loadModelFile(
    { url: server.url, ...file },
    {
      cache,
      retry: { delay: 1 },
      onWarning: (warning) => warnings.push(warning),
      ...options,
      onProgress: (event) => {
        progress.push(event);
        server.received = event.loaded;
        options.onProgress?.(event);
      },
    },
  );
  return { bytes: await drain(source), progress, warnings };
}

/** Of a connection that breaks. */
async function loadPart(file: Partial<ModelFile>): Promise<void> {
  const part = load(file, { retry: { limit: 0 } });
  await expect(part).rejects.toMatchObject({ code: 'fetch-failed' });
}

async function drain(source: ByteSource): Promise<Uint8Array> {
  const bytes = await source.read(0, source.size);
  await source.close?.();
  return bytes;
}

const pinned = { sha256 };

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
      if (contentLength === undefined) await server.close();
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

describe('connections that break', () => {
  test('are resumed within a call, without bytes twice', async () => {
    await serve({ cuts: [100_000, 50_000] });
    const { bytes, progress } = await load(pinned);
    expect(bytes).toEqual(content);
    expect(server.log.map(({ range }) => range)).toEqual([
      undefined,
      'bytes=100000-',
      'bytes=150000-',
    ]);
    expect(server.log[1]?.ifRange).toBe('"one"');
    expect(server.sent).toBe(content.length);
    expect(progress.at(-1)?.resumed).toBe(0);
  });

  test('are resumed by the next call, with the part from the disk hashed', async () => {
    await serve({ cuts: [100_000] });
    await loadPart(pinned);
    expect(await cache.list()).toMatchObject([
      { key: `sha256-${sha256}`, name: 'model.safetensors', bytes: 100_000, complete: false },
    ]);
    const { bytes, progress } = await load(pinned);
    expect(bytes).toEqual(content);
    expect(server.sent).toBe(content.length);
    expect(progress[0]).toMatchObject({ phase: 'checking', loaded: 100_000, resumed: 100_000 });
    expect(progress.at(-1)).toMatchObject({ phase: 'done', resumed: 100_000 });
  });

  test('an abort in the middle leaves a part that the next call resumes', async () => {
    await serve({ pause: 2 });
    const controller = new AbortController();
    const stopped = load(pinned, {
      signal: controller.signal,
      onProgress: ({ loaded }) => loaded > 60_000 && controller.abort(new Error('left')),
    });
    await expect(stopped).rejects.toThrow('left');
    const [part] = await cache.list();
    expect(part?.complete).toBe(false);
    expect(part?.bytes).toBeGreaterThan(60_000);
    server.behaviour.pause = 0;
    expect((await load(pinned)).bytes).toEqual(content);
    expect(server.log[1]?.range).toBe(`bytes=${part?.bytes}-`);
  });

  test('a part that was damaged on the disk is loaded again', async () => {
    await serve({ cuts: [100_000] });
    await loadPart(pinned);
    const { open } = await import('node:fs/promises');
    const handle = await open(join(folder, `sha256-${sha256}.part`), 'r+');
    await handle.write(new Uint8Array(4096), 0, 4096, 50_000);
    await handle.close();
    expect((await load(pinned)).bytes).toEqual(content);
    expect(server.log.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', undefined]);
  });

  test('a whole part needs no request', async () => {
    await serve();
    const controller = new AbortController();
    const stopped = load(pinned, {
      signal: controller.signal,
      onProgress: ({ loaded }) => loaded === content.length && controller.abort(new Error('left')),
    });
    await expect(stopped).rejects.toThrow('left');
    expect((await load(pinned)).bytes).toEqual(content);
    expect(server.log).toHaveLength(1);
  });

  test('a server that sends nothing more is left after a while', async () => {
    await serve({ handle: () => server.log.length === 1 });
    const { bytes } = await load(pinned, { retry: { delay: 1, stallTimeout: 100 } });
    expect(bytes).toEqual(content);
    expect(server.log).toHaveLength(2);
  });

  test('a server that cannot be reached is an error in the end', async () => {
    await serve();
    await server.close();
    const error = load(pinned, { retry: { limit: 2, delay: 1 } });
    await expect(error).rejects.toMatchObject({ code: 'fetch-failed' });
    await expect(error).rejects.toThrow(/attempt 3 .*ECONNREFUSED/);
  });
});

describe('versions and ranges', () => {
  const other = safetensors();

  test('a server that ignores ranges starts over', async () => {
    await serve({ cuts: [100_000], ignoresRange: true });
    const { bytes, progress } = await load(pinned);
    expect(bytes).toEqual(content);
    expect(server.log).toHaveLength(2);
    expect(progress.filter(({ loaded }) => loaded === 0)).toHaveLength(2);
  });

  test.each([
    { name: 'If-Range', etag: '"two"', ignoresIfRange: false, requests: 2 },
    { name: 'the ETag of the answer', etag: '"two"', ignoresIfRange: true, requests: 3 },
  ])('a file that changed between ranges starts over, found by $name', async (variant) => {
    const { etag, ignoresIfRange, requests } = variant;
    await serve({ cuts: [100_000], ignoresIfRange });
    const file = { url: server.url };
    await loadPart(file);
    Object.assign(server.behaviour, { content: other, etag });
    expect((await load(file)).bytes).toEqual(other);
    expect(server.log).toHaveLength(requests);
  });

  test('a change that the server does not tell is found by the hash', async () => {
    await serve({ cuts: [100_000], content: other });
    await loadPart(pinned);
    server.behaviour.content = content;
    expect((await load(pinned)).bytes).toEqual(content);
    expect(server.log).toHaveLength(3);
  });

  test('a file that changes again and again is an error', async () => {
    let version = 0;
    await serve({
      handle: (_, response) => {
        version++;
        response.writeHead(200, { etag: `"${version}"`, 'content-length': content.length });
        response.write(content.subarray(0, 50_000));
        setTimeout(() => response.destroy(), 100);
        return true;
      },
    });
    await expect(load(pinned)).rejects.toThrow(/started over 3 times/);
    expect(version).toBeLessThanOrEqual(5);
  });

  test('ranges that are not the wanted ones start over', async () => {
    await serve({
      cuts: [100_000],
      handle: ({ headers }, response) => {
        if (headers.range === undefined) return false;
        response.writeHead(206, {
          'content-range': `bytes 0-${content.length - 1}/${content.length}`,
          'content-length': content.length,
        });
        response.end(content);
        return true;
      },
    });
    expect((await load(pinned)).bytes).toEqual(content);
    expect(server.log.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', undefined]);
  });

  test('status 416 starts over', async () => {
    await serve({ cuts: [100_000] });
    await loadPart(pinned);
    server.behaviour.statuses.push({ status: 416 });
    expect((await load(pinned)).bytes).toEqual(content);
    expect(server.log.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', undefined]);
  });

  test('without a hash and validators nothing is resumed', async () => {
    await serve({ cuts: [100_000], etag: null });
    expect((await load()).bytes).toEqual(content);
    expect(server.log.map(({ range }) => range)).toEqual([undefined, undefined]);
  });

  test('a weak ETag does not vouch for bytes', async () => {
    await serve({ cuts: [100_000], etag: 'W/"one"' });
    expect((await load()).bytes).toEqual(content);
    expect(server.log.map(({ range }) => range)).toEqual([undefined, undefined]);
  });

  test('Last-Modified is a validator too', async () => {
    const lastModified = new Date(0).toUTCString();
    await serve({ cuts: [100_000], etag: null, lastModified });
    expect((await load()).bytes).toEqual(content);
    expect(server.log[1]).toMatchObject({ range: 'bytes=100000-', ifRange: lastModified });
  });

  test('with a hash a part of one mirror is resumed from another, without its validators', async () => {
    await serve({ cuts: [100_000] });
    await loadPart(pinned);
    const { bytes } = await load({ ...pinned, url: new URL('/mirror/b.pt', server.url) });
    expect(bytes).toEqual(content);
    expect(server.log[1]).toEqual({ path: '/mirror/b.pt', range: 'bytes=100000-' });
  });
});

describe('servers that are busy or refuse', () => {
  test.each([429, 500, 502, 503])('status %i is tried again', async (status) => {
    await serve({ statuses: [{ status }, { status }] });
    expect((await load(pinned)).bytes).toEqual(content);
    expect(server.log).toHaveLength(3);
  });

  test('Retry-After is obeyed, in seconds or as a date', async () => {
    const date = (): string => new Date(Date.now() + 2000).toUTCString();
    await serve({ statuses: [{ status: 503, headers: { 'retry-after': '1' } }] });
    const start = performance.now();
    await load(pinned);
    // Timers may fire a few milliseconds early.
    expect(performance.now() - start).toBeGreaterThan(990);
    server.behaviour.statuses.push({ status: 429, headers: { 'retry-after': date() } });
    await cache.clear();
    const again = performance.now();
    await load(pinned);
    // The date has whole seconds, so up to one of the two is lost.
    expect(performance.now() - again).toBeGreaterThan(900);
  });

  test('a wait beyond measure is for the caller to decide', async () => {
    await serve({ statuses: [{ status: 503, headers: { 'retry-after': '86400' } }] });
    await expect(load(pinned)).rejects.toThrow('asked to wait 86400 s');
  });

  test.each([400, 401, 403, 404, 410])('status %i is final', async (status) => {
    await serve({ statuses: [{ status }] });
    const error = load(pinned);
    await expect(error).rejects.toMatchObject({ code: 'fetch-failed' });
    await expect(error).rejects.toThrow(`status ${status}`);
    expect(server.log).toHaveLength(1);
  });
});

describe('lies and errors with status 200', () => {
  const page = new TextEncoder().encode('<!DOCTYPE html><title>Sign in</title>'.padEnd(2000));

  test.each([
    { name: 'HTML', body: page },
    { name: 'JSON', body: new TextEncoder().encode('{"error": "no such file"}') },
    { name: 'XML', body: new TextEncoder().encode('<?xml version="1.0"?><Error/>') },
    {
      name: 'Git LFS',
      body: new TextEncoder().encode('version https://git-lfs.github.com/spec/v1'),
    },
    { name: 'noise', body: new Uint8Array(randomBytes(4000)).fill(1, 0, 9) },
    { name: 'half a safetensors file', body: content.subarray(0, 200_000) },
    { name: 'half a zip file', body: Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(500)) },
    { name: 'nothing', body: new Uint8Array() },
  ])('$name without a hash is not taken for a model and not stored', async ({ body }) => {
    await serve({ content: body });
    await expect(load()).rejects.toMatchObject({ code: 'not-a-model' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('with a hash, a page is named and not stored, and nothing is tried again', async () => {
    await serve({ content: page, contentType: 'text/html' });
    const error = load(pinned);
    await expect(error).rejects.toMatchObject({ code: 'checksum-mismatch' });
    await expect(error).rejects.toThrow(/web page.*Sign in/);
    expect(await readdir(folder)).toEqual([]);
    expect(server.log).toHaveLength(1);
  });

  test('with a size, a page is refused by its length, and a part survives it', async () => {
    await serve({ cuts: [100_000] });
    const file = { ...pinned, bytes: content.length };
    await loadPart(file);
    Object.assign(server.behaviour, {
      content: page,
      ignoresRange: true,
      contentType: 'text/html',
    });
    const error = load(file);
    await expect(error).rejects.toMatchObject({ code: 'wrong-length' });
    await expect(error).rejects.toThrow('announces 2000 bytes of text/html');
    Object.assign(server.behaviour, { content, ignoresRange: false });
    expect((await load(file)).bytes).toEqual(content);
    expect(server.log.at(-1)?.range).toBe('bytes=100000-');
  });

  test('a length that is too large is a broken connection', async () => {
    await serve({ contentLength: content.length + 5000 });
    const retry = { limit: 1, delay: 1, stallTimeout: 100 };
    await expect(load(pinned, { retry })).rejects.toMatchObject({ code: 'fetch-failed' });
    expect((await cache.list()).map(({ complete }) => complete)).toEqual([false]);
  });

  test('a length that is too small is found by the hash or the size', async () => {
    await serve({
      handle: (request) => {
        // Node's server would refuse to write more than it announced.
        const head = `HTTP/1.1 200 OK\r\ncontent-length: 200000\r\nconnection: close\r\n\r\n`;
        request.socket.end(Buffer.concat([Buffer.from(head), content]));
        return true;
      },
    });
    await expect(load(pinned)).rejects.toMatchObject({ code: 'checksum-mismatch' });
    await expect(load({ ...pinned, bytes: content.length })).rejects.toMatchObject({
      code: 'wrong-length',
    });
    await expect(load()).rejects.toMatchObject({ code: 'not-a-model' });
    expect(await cache.list()).toEqual([]);
  });

  test('more or fewer bytes than the size, where the server announces none', async () => {
    await serve({ contentLength: null });
    for (const bytes of [content.length - 1, content.length + 1]) {
      await expect(load({ ...pinned, bytes })).rejects.toMatchObject({ code: 'wrong-length' });
      expect(await readdir(folder)).toEqual([]);
    }
    expect((await load({ ...pinned, bytes: content.length })).bytes).toEqual(content);
  });

  test('a compressed answer is unpacked; its length is not that of the file', async () => {
    const { gzipSync } = await import('node:zlib');
    await serve({
      handle: (_, response) => {
        const packed = gzipSync(content);
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
        response.end(packed);
        return true;
      },
    });
    expect((await load({ ...pinned, bytes: content.length })).bytes).toEqual(content);
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
    const changed = safetensors();
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
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(join(folder, `${entry?.key}.json`), 'utf8')).not.toContain('secret');
  });
});

describe('damage in the cache', () => {
  async function damage(change: (path: string) => Promise<void>): Promise<void> {
    await change(join(folder, `sha256-${sha256}.model`));
  }

  test('of the size or, in small files, of a byte is found, removed and loaded again', async () => {
    const { truncate, open } = await import('node:fs/promises');
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
    const { writeFile } = await import('node:fs/promises');
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
