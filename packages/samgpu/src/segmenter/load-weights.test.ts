// A model whose weights lie on a server, as those of all but nano do.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { nano } from '@samgpu/nano';
import type { Variant, WeightFile } from '@samgpu/variant';
import { type ModelCache, openModelCache, writeShardedSafetensors } from '@samgpu/weights';
import { FolderDraft } from '@samgpu/weights/node';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  type ModelServer,
  startModelServer,
} from '../../../weights/src/download/fixtures/model-server.ts';
import { openVariantWeights } from './open-weights.ts';
import type { Progress } from './progress.ts';
import { Segmenter } from './segmenter.ts';

let content: Uint8Array;
let folder: string;
let cache: ModelCache;
let server: ModelServer;
beforeAll(async () => {
  content = Uint8Array.from(await readFile(nano.weights.url));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-load-'));
  cache = await openModelCache({ folder: join(folder, 'cache') });
  server = await startModelServer({ content });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const PINS: Partial<WeightFile> = {
  bytes: nano.weights.bytes!,
  sha256: nano.weights.sha256!,
};

/** nano, with its weights on a server. */
function served(pins = PINS, url = server.url): Variant {
  return { ...nano, weights: { kind: 'file', url: new URL(url), ...pins } };
}

const quick = { retry: { delay: 1, limit: 2 }, backend: 'onnx' } as const;

describe('weights on a server', () => {
  test('are downloaded once, with progress, and used from the cache afterwards', async () => {
    const progress: Progress[] = [];
    using first = await Segmenter.load(served(), {
      ...quick,
      cache,
      onProgress: (event) => progress.push(event),
    });
    expect(first.backend.kind).toBe('onnx');
    const weights = progress.filter(({ stage }) => stage === 'weights');
    expect(weights.map(({ phase }) => phase)).toContain('downloading');
    const { bytes } = nano.weights;
    expect(weights.at(-1)).toMatchObject({ phase: 'done', loaded: bytes, total: bytes });
    expect(progress.at(-1)).toEqual({ stage: 'compile', loaded: 2, total: 2 });

    const requests = server.log.length;
    using again = await Segmenter.load(served(), { ...quick, cache });
    expect(again.variant.name).toBe('nano');
    expect(server.log).toHaveLength(requests);
  });

  test('go on where the connection broke', async () => {
    server.behaviour.cuts = [2_000_000];
    const progress: Progress[] = [];
    const weights = await openVariantWeights(served(), {
      ...quick,
      cache,
      onProgress(event) {
        progress.push(event);
        server.received = event.loaded;
      },
    });
    await weights.close();
    expect(server.log).toHaveLength(2);
    expect(server.log[1]!.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(progress.at(-1)).toMatchObject({ phase: 'done' });
  });

  test.each([
    [{ sha256: '0'.repeat(64) }, 'checksum-mismatch'],
    [{ md5: '0'.repeat(32) }, 'checksum-mismatch'],
    [{ gitBlob: '0'.repeat(40) }, 'checksum-mismatch'],
    [{ ...PINS, bytes: 17 }, 'wrong-length'],
  ])('that are not those of %j are refused, and not kept', async (pins, code) => {
    const loading = Segmenter.load(served(pins), { ...quick, cache });
    await expect(loading).rejects.toMatchObject({ name: 'WeightsError', code });
    expect(await cache.list()).toEqual([]);
  });

  test('are no weights where an error page comes', async () => {
    server.behaviour.content = new TextEncoder().encode('<!doctype html><title>Not here</title>');
    await expect(Segmenter.load(served({}), { ...quick, cache })).rejects.toMatchObject({
      name: 'WeightsError',
      code: 'not-a-model',
    });
  });

  test('that cannot be reached are an error that names the address', async () => {
    const { url } = server;
    await server.close();
    await expect(Segmenter.load(served(PINS, url), { ...quick, cache })).rejects.toMatchObject({
      code: 'fetch-failed',
      message: expect.stringContaining(url),
    });
  });

  test('are not asked for where the backend does not run', async () => {
    const loading = Segmenter.load(served(), {
      cache,
      backend: 'webgpu',
      webgpu: { toggles: ['adapter=one that no machine has'] },
    });
    await expect(loading).rejects.toMatchObject({ code: 'backend-unavailable' });
    expect(server.log).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('come from a mirror where one is named, and not from their own address', async () => {
    const elsewhere = served(PINS, 'https://models.example/v1/model.safetensors');
    const base = new URL('.', server.url);
    const weights = await openVariantWeights(elsewhere, { ...quick, cache, baseUrl: base });
    await weights.close();
    expect(server.log.map(({ path }) => path)).toEqual(['/models/model.safetensors']);
  });
});

describe('weights of the user', () => {
  test('at an address are kept, and no mirror stands for it', async () => {
    const variant = served(PINS, 'https://models.example/model.safetensors');
    const options = { ...quick, cache, baseUrl: pathToFileURL(join(folder, 'none')) };
    const weights = await openVariantWeights(variant, { ...options, weights: server.url });
    await weights.close();
    expect(await cache.list()).toMatchObject([{ name: 'model.safetensors', complete: true }]);
  });

  test('may be a folder, an index, or the address of an index', async () => {
    const whole = await openVariantWeights(nano);
    const path = join(folder, 'sharded');
    const draft = await FolderDraft.open(path);
    const create = (name: string) => draft.create(name);
    await draft.commit(await writeShardedSafetensors(whole, create, { shardBytes: 2_000_000 }));
    const names = await readdir(path);
    expect(names.filter((name) => name.endsWith('.safetensors')).length).toBeGreaterThan(1);
    server.behaviour.handle = (request, response) => {
      const name = request.url?.split('/').at(-1) ?? '';
      void readFile(join(path, name)).then((bytes) => {
        response.setHeader('etag', `"${name}"`);
        response.end(bytes);
      });
      return true;
    };
    const index = 'model.safetensors.index.json';
    for (const weights of [path, join(path, index), new URL(index, server.url)]) {
      const opened = await openVariantWeights(nano, { ...quick, cache, weights });
      expect([...opened.tensors.keys()].sort()).toEqual([...whole.tensors.keys()].sort());
      const name = 'encoder.stem1.conv.weight';
      expect(await opened.read(name)).toEqual(await whole.read(name));
      await opened.close();
    }
    await whole.close();
  });

  test('at the address of a manifest are checked by their hashes', async () => {
    const whole = await openVariantWeights(nano);
    const path = join(folder, 'converted');
    const draft = await FolderDraft.open(path);
    const create = (name: string) => draft.create(name);
    await draft.commit(await writeShardedSafetensors(whole, create, { shardBytes: 2_000_000 }));
    await whole.close();
    const asked: string[] = [];
    server.behaviour.handle = (request, response) => {
      const name = request.url?.split('/').at(-1) ?? '';
      asked.push(name);
      void readFile(join(path, name)).then((bytes) => response.end(bytes));
      return true;
    };
    const options = { ...quick, cache, weights: new URL('manifest.json', server.url) };
    using segmenter = await Segmenter.load(nano, options);
    expect(segmenter.variant).toBe(nano);
    expect(asked).toContain('model.safetensors.index.json');
    // What has a hash is not asked for again, whatever the server says of its age.
    asked.length = 0;
    await (await openVariantWeights(nano, options)).close();
    expect(asked).toEqual(['manifest.json']);

    await cache.clear();
    const shard = (await readdir(path)).find((name) => name.endsWith('.safetensors'))!;
    const bytes = await readFile(join(path, shard));
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(join(path, shard), bytes);
    await expect(openVariantWeights(nano, options)).rejects.toMatchObject({
      code: 'checksum-mismatch',
    });
  });

  test('that are not there say so', async () => {
    const missing = join(folder, 'none.pth');
    await expect(Segmenter.load(nano, { weights: missing })).rejects.toMatchObject({
      name: 'WeightsError',
      code: 'read-failed',
      message: expect.stringContaining(missing),
    });
  });
});
