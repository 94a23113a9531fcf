/** Servers and connections that fail, lie, or change what they serve. */
import { randomBytes } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterEach, describe, expect, test } from 'vitest';

import type { ModelCache, ModelFile } from '../index.ts';
import { Bench, content, newContent, pinned, sha256 } from './fixtures/bench.ts';
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

/** Of a connection that breaks. */
async function loadPart(file: Partial<ModelFile>): Promise<void> {
  const part = load(file, { retry: { limit: 0 } });
  await expect(part).rejects.toMatchObject({ code: 'fetch-failed' });
}

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
    const failures = progress.filter(({ phase }) => phase === 'retrying');
    expect(failures).toMatchObject([
      { loaded: 100_000, reason: expect.any(String) },
      { loaded: 150_000, reason: expect.any(String) },
    ]);
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
    const error = load(pinned, { retry: { delay: 1 } });
    await expect(error).rejects.toMatchObject({ code: 'fetch-failed' });
    await expect(error).rejects.toThrow(/attempt 3 .*ECONNREFUSED/);
  });

  test('a server that has answered before is asked again more often', async () => {
    await serve({ cuts: [20_000] });
    let requests = 0;
    const breaking: typeof fetch = (...request) => {
      if (++requests > 1) return Promise.reject(new TypeError('no network'));
      return fetch(...request);
    };
    const error = load(pinned, { fetch: breaking, retry: { delay: 1 } });
    await expect(error).rejects.toThrow(/attempt 6 .*no network.*20000 bytes have arrived/);
    expect(requests).toBe(6);
  });
});

describe('versions and ranges', () => {
  const other = newContent();

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
