import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { sharedPath } from '@samgpu/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  blobSource,
  type ByteSource,
  memorySource,
  openFileSource,
  openSafetensors,
  type OpenWeights,
  toFloat32,
  writeSafetensors,
} from './index.ts';

const wrongHash = '0'.repeat(64);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

const values = Float32Array.from({ length: 1000 }, (_, i) => i / 7);
const file = writeSafetensors(
  [
    ['values', { dtype: 'f32', shape: [10, 100], bytes: new Uint8Array(values.buffer) }],
    ['mask', { dtype: 'bool', shape: [3], bytes: Uint8Array.of(1, 0, 1) }],
    ['nothing', { dtype: 'f16', shape: [0, 8], bytes: new Uint8Array() }],
  ],
  [['format', 'pt']],
);

async function onDisk(bytes: Uint8Array, name = 'weights.safetensors'): Promise<ByteSource> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return openFileSource(path);
}

const sources: readonly (readonly [string, (bytes: Uint8Array) => Promise<ByteSource>])[] = [
  ['memory', async (bytes) => memorySource(bytes)],
  ['a blob', async (bytes) => blobSource(new Blob([Uint8Array.from(bytes)]))],
  ['a file', onDisk],
];

function flipBit(bytes: Uint8Array, place: number): Uint8Array {
  return bytes.with(place, (bytes.at(place) ?? 0) ^ 1);
}

async function withStore(
  source: ByteSource,
  use: (store: OpenWeights) => Promise<void>,
): Promise<void> {
  const store = await openSafetensors(source);
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

describe.each(sources)('openSafetensors on %s', (_, openSource) => {
  test('gives shapes, dtypes, bytes and metadata', async () => {
    await withStore(await openSource(file), async (store) => {
      expect([...store.tensors.keys()].sort()).toEqual(['mask', 'nothing', 'values']);
      expect(store.tensors.get('values')).toMatchObject({ dtype: 'f32', shape: [10, 100] });
      expect(toFloat32(await store.read('values'), 'f32')).toEqual(values);
      expect(await store.read('mask')).toEqual(Uint8Array.of(1, 0, 1));
      expect(await store.read('nothing')).toEqual(new Uint8Array());
      expect([...store.metadata]).toEqual([['format', 'pt']]);
    });
  });

  test('rejects a tensor that is not there, and names some that are', async () => {
    await withStore(await openSource(file), async (store) => {
      await expect(store.read('value')).rejects.toMatchObject({
        name: 'WeightsError',
        code: 'missing-tensor',
        message: expect.stringMatching(/no tensor "value" among the 3 .*"values"/),
      });
      await expect(store.read('toString')).rejects.toMatchObject({ code: 'missing-tensor' });
      await expect(store.readChunks('value')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: 'missing-tensor',
      });
    });
  });

  test.each([
    { chunkSize: 1, lengths: Array.from({ length: 1000 }, () => 4) },
    { chunkSize: 1027, lengths: [1024, 1024, 1024, 928] },
    { chunkSize: 4000, lengths: [4000] },
    { chunkSize: 2 ** 30, lengths: [4000] },
  ])('streams whole elements in chunks of at most $chunkSize bytes', async (options) => {
    await withStore(await openSource(file), async (store) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of store.readChunks('values', options)) {
        chunks.push(chunk);
      }
      expect(chunks.map((chunk) => chunk.byteLength)).toEqual(options.lengths);
      expect(Buffer.concat(chunks).equals(Buffer.from(values.buffer))).toBe(true);
    });
  });

  test('streams nothing for an empty tensor', async () => {
    await withStore(await openSource(file), async (store) => {
      for await (const chunk of store.readChunks('nothing')) {
        expect.unreachable(`got ${chunk.byteLength} bytes`);
      }
    });
  });

  test('is an error wherever the file is cut short', async () => {
    for (const length of [0, 7, 8, 9, 100, file.length - 4000, file.length - 1]) {
      const source = await openSource(file.subarray(0, length));
      await expect(openSafetensors(source)).rejects.toMatchObject({
        code: 'truncated',
      });
      await source.close?.();
    }
  });

  test('accepts the right SHA-256, in either case, and takes it as fingerprint', async () => {
    const sha256 = Buffer.from(
      await crypto.subtle.digest('SHA-256', Uint8Array.from(file)),
    ).toString('hex');
    const store = await openSafetensors(await openSource(file), { sha256: sha256.toUpperCase() });
    expect(store.fingerprint).toBe(`sha256:${sha256}`);
    await store.close();
  });

  test('finds one changed byte anywhere by the SHA-256', async () => {
    const sha256 = (await openSafetensors(memorySource(file))).fingerprint.replace('sha256:', '');
    for (const place of [0, 20, file.length - 1]) {
      const source = await openSource(flipBit(file, place));
      await expect(openSafetensors(source, { sha256 })).rejects.toMatchObject({
        code: 'checksum-mismatch',
        message: expect.stringMatching(
          new RegExp(
            `^the SHA-256 of these ${file.length} bytes is [0-9a-f]{64}, expected ${sha256}`,
          ),
        ),
      });
      await source.close?.();
    }
  });

  test('says that content with the wrong SHA-256 is also too short', async () => {
    const source = await openSource(file.subarray(0, -10));
    await expect(openSafetensors(source, { sha256: wrongHash })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringContaining('it was cut short'),
      cause: expect.objectContaining({ code: 'truncated' }),
    });
    await source.close?.();
  });

  test('stops when aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const source = await openSource(file);
    await expect(openSafetensors(source, { signal })).rejects.toThrow('enough');
    const store = await openSafetensors(source);
    await expect(store.read('values', signal)).rejects.toThrow('enough');
    const chunks = store.readChunks('values', { signal })[Symbol.asyncIterator]();
    await expect(chunks.next()).rejects.toThrow('enough');
    await store.close();
  });
});

describe('openSafetensors', () => {
  test('copies nothing that is in memory', async () => {
    const store = await openSafetensors(memorySource(file));
    const first = await store.read('values');
    expect(first.buffer).toBe(file.buffer);
    expect((await store.read('values')).byteOffset).toBe(first.byteOffset);
    expect(toFloat32(first, 'f32').buffer).toBe(file.buffer);
  });

  test('reads and hashes shared memory', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(file.length));
    shared.set(file);
    const store = await openSafetensors(memorySource(shared));
    expect((await store.read('values')).buffer).toBe(shared.buffer);
    expect(store.fingerprint).toBe((await openSafetensors(memorySource(file))).fingerprint);
  });

  test('reads bytes that start anywhere in their buffer', async () => {
    const shifted = new Uint8Array(file.length + 1).subarray(1);
    shifted.set(file);
    const store = await openSafetensors(memorySource(shifted));
    expect(toFloat32(await store.read('values'), 'f32')).toEqual(values);
  });

  test('refuses a SHA-256 or a chunk size that can be none', async () => {
    await expect(openSafetensors(memorySource(file), { sha256: 'abc' })).rejects.toMatchObject({
      code: 'argument',
    });
    const store = await openSafetensors(memorySource(file));
    for (const chunkSize of [0, -1, Number.NaN]) {
      const chunks = store.readChunks('values', { chunkSize })[Symbol.asyncIterator]();
      await expect(chunks.next()).rejects.toMatchObject({ code: 'argument' });
    }
  });

  test('reads what the official writer wrote', async () => {
    const path = fileURLToPath(new URL('fixtures/official.safetensors', import.meta.url));
    const store = await openSafetensors(memorySource(new Uint8Array(await readFile(path))));
    const read = async (name: string): Promise<number[]> => [
      ...toFloat32(await store.read(name), store.tensors.get(name)?.dtype ?? 'u8'),
    ];
    expect(store.tensors.size).toBe(16);
    expect(store.tensors.get('b.f32')?.shape).toEqual([2, 3]);
    expect(await read('b.f32')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(store.tensors.get('a.f32')?.shape).toEqual([]);
    expect(await read('a.f32')).toEqual([0.5]);
    expect(await read('f64')).toEqual([Math.fround(1 / 3), -2]);
    expect(await read('i64')).toEqual([-5]);
    expect(await read('i32')).toEqual([1, -2, 2 ** 31]);
    expect(await read('i16')).toEqual([-32768, 7]);
    expect(await read('i8')).toEqual([-128, 0, 127]);
    expect(await read('u8')).toEqual([0, 1, 255]);
    expect(await read('bool')).toEqual([0, 1]);
    expect(await read('f16')).toEqual([1, -2, 2 ** -24, Infinity]);
    expect(await read('bf16')).toEqual([1, Number.NaN]);
    expect(await read('empty')).toEqual([]);
    expect(await read('__proto__')).toEqual([7]);
    expect(await read('0')).toEqual([8]);
    expect(await read('\u{1F40B} näme "quoted" \\ \u{1F40B}')).toEqual([9]);
    expect(await read('\uFF5A')).toEqual([10]);
  });
});

describe('fingerprints', () => {
  const fingerprint = async (source: ByteSource, options = {}): Promise<string> => {
    const store = await openSafetensors(source, options);
    await store.close();
    return store.fingerprint;
  };

  test('in memory depend on every byte and nothing else', async () => {
    const original = await fingerprint(memorySource(file));
    expect(await fingerprint(memorySource(Uint8Array.from(file)))).toBe(original);
    expect(await fingerprint(memorySource(flipBit(file, file.length - 1)))).not.toBe(original);
  });

  test('of a file stay until it is written again', async () => {
    const first = await fingerprint(await onDisk(file, 'twice.safetensors'));
    const path = join(folder, 'twice.safetensors');
    expect(await fingerprint(await openFileSource(path))).toBe(first);
    const handle = await open(path, 'r+');
    await handle.write(Uint8Array.of(9), 0, 1, file.length - 1);
    await handle.close();
    expect(await fingerprint(await openFileSource(path))).not.toBe(first);
  });

  test('of two blobs differ, since nothing tells cheaply whether they are equal', async () => {
    const blob = new Blob([Uint8Array.from(file)]);
    const other = new Blob([Uint8Array.from(file)]);
    const first = await fingerprint(blobSource(blob));
    expect(await fingerprint(blobSource(blob))).toBe(first);
    expect(await fingerprint(blobSource(other))).not.toBe(first);
  });

  test('of a source without identity are made of all its bytes', async () => {
    const source = memorySource(file);
    const plain: ByteSource = {
      size: source.size,
      read: (offset, length, signal) => source.read(offset, length, signal),
    };
    expect(await fingerprint(plain)).toBe(await fingerprint(memorySource(file)));
  });

  test('can be given', async () => {
    expect(await fingerprint(memorySource(file), { fingerprint: 'nano 1' })).toBe('nano 1');
  });
});

const nanoPath = sharedPath('nano', 'nano.safetensors') ?? '';

describe.skipIf(nanoPath === '')('nano.safetensors (needs ../shared)', () => {
  test('reads the same from memory and from disk', async () => {
    const bytes = new Uint8Array(await readFile(nanoPath));
    const inMemory = await openSafetensors(memorySource(bytes));
    const store = await openSafetensors(await openFileSource(nanoPath));
    expect(inMemory.tensors.size).toBe(230);
    expect(store.tensors).toEqual(inMemory.tensors);
    expect(inMemory.metadata.get('model')).toBe('nano');
    let total = 0;
    for (const path of inMemory.tensors.keys()) {
      const fromDisk = await store.read(path);
      expect(Buffer.compare(fromDisk, await inMemory.read(path))).toBe(0);
      total += fromDisk.byteLength;
    }
    expect(total).toBe(bytes.byteLength - 8 - 21048);
    await store.close();
  });
});
