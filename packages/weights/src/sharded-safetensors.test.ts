import { describe, expect, test } from 'vitest';

import {
  type ByteSource,
  memorySource,
  openShardedSafetensors,
  type TensorToWrite,
  type WeightsErrorCode,
  writeSafetensors,
} from './index.ts';

const tensor = (value: number): TensorToWrite => ({
  dtype: 'u8',
  shape: [2],
  bytes: Uint8Array.of(value, value),
});

const first = writeSafetensors([
  ['a', tensor(1)],
  ['b', tensor(2)],
]);
const second = writeSafetensors([['c', tensor(3)]]);
const weightMap = { a: '1.safetensors', b: '1.safetensors', c: 'more/2.safetensors' };
const index = JSON.stringify({ metadata: { total_size: 6, by: 'us' }, weight_map: weightMap });

/** Shards in memory that count how often they are opened, read and closed. */
function shelf(shards: Record<string, Uint8Array>): {
  open: (name: string) => Promise<ByteSource>;
  log: string[];
} {
  const log: string[] = [];
  const open = async (name: string): Promise<ByteSource> => {
    log.push(`open ${name}`);
    const { size, ...source } = memorySource(shards[name] ?? new Uint8Array());
    return {
      size,
      identity: name,
      read: (offset, length, signal) => {
        log.push(`read ${name} ${offset} ${length}`);
        return source.read(offset, length, signal);
      },
      close: async () => {
        log.push(`close ${name}`);
      },
    };
  };
  return { open, log };
}

const shards = { '1.safetensors': first, 'more/2.safetensors': second };

describe('openShardedSafetensors', () => {
  test('joins the shards', async () => {
    const store = await openShardedSafetensors(index, shelf(shards).open);
    expect([...store.tensors.keys()].sort()).toEqual(['a', 'b', 'c']);
    expect(store.tensors.get('c')).toMatchObject({ dtype: 'u8', shape: [2] });
    expect(await store.read('b')).toEqual(Uint8Array.of(2, 2));
    expect(await store.read('c')).toEqual(Uint8Array.of(3, 3));
    for await (const chunk of store.readChunks('c')) {
      expect(chunk).toEqual(Uint8Array.of(3, 3));
    }
    expect([...store.metadata]).toEqual([
      ['total_size', '6'],
      ['by', 'us'],
    ]);
  });

  test('opens each shard once, reads only headers until asked, and closes all', async () => {
    const { open, log } = shelf(shards);
    const store = await openShardedSafetensors(index, open);
    const headerReads = log.filter((entry) => /^read .* (0 8|8 \d+)$/.test(entry));
    expect(log.filter((entry) => entry.startsWith('open'))).toEqual([
      'open 1.safetensors',
      'open more/2.safetensors',
    ]);
    expect(headerReads.length).toBe(4);
    expect(log.length).toBe(6);
    await store.read('a');
    expect(log.at(-1)).toMatch(/^read 1.safetensors \d+ 2$/);
    await store.close();
    expect(log.slice(-2)).toEqual(['close 1.safetensors', 'close more/2.safetensors']);
  });

  test('has a fingerprint that depends on the shards, not on the order of the index', async () => {
    const turned = JSON.stringify({
      weight_map: Object.fromEntries(Object.entries(weightMap).reverse()),
    });
    const other = { ...shards, 'more/2.safetensors': writeSafetensors([['c', tensor(4)]]) };
    const fingerprint = async (json: string, files: typeof shards): Promise<string> => {
      const store = await openShardedSafetensors(json, async (name) =>
        memorySource(files[name as keyof typeof files]),
      );
      return store.fingerprint;
    };
    expect(await fingerprint(turned, shards)).toBe(await fingerprint(index, shards));
    expect(await fingerprint(index, other)).not.toBe(await fingerprint(index, shards));
  });

  test('checks the SHA-256 of the shards that have one', async () => {
    const sha256 = new Map([['more/2.safetensors', '0'.repeat(64)]]);
    const { open, log } = shelf(shards);
    await expect(openShardedSafetensors(index, open, { sha256 })).rejects.toMatchObject({
      name: 'WeightsError',
      code: 'checksum-mismatch',
      message: expect.stringMatching(/^shard "more\/2.safetensors": the SHA-256/),
    });
    expect(log.filter((entry) => entry.startsWith('close')).sort()).toEqual([
      'close 1.safetensors',
      'close more/2.safetensors',
    ]);
  });

  test('closes the others if a shard cannot be opened, and passes the error on', async () => {
    const { open, log } = shelf(shards);
    const failing = async (name: string): Promise<ByteSource> => {
      if (name.includes('2')) {
        throw new Error('offline');
      }
      return open(name);
    };
    await expect(openShardedSafetensors(index, failing)).rejects.toThrow('offline');
    expect(log.at(-1)).toBe('close 1.safetensors');
  });

  test('rejects a tensor that is not there', async () => {
    const store = await openShardedSafetensors(index, shelf(shards).open);
    await expect(store.read('d')).rejects.toMatchObject({
      code: 'missing-tensor',
      message: 'there is no tensor "d" among the 3 of 2 shards',
    });
  });
});

describe('an index that does not fit', () => {
  const mapTo = (map: Record<string, unknown>): string => JSON.stringify({ weight_map: map });
  test.each<[string, string, WeightsErrorCode, RegExp]>([
    ['no JSON', '{', 'shard-index', /the shard index is not JSON/],
    ['no object', '[]', 'shard-index', /is \[\], expected a JSON object/],
    ['no weight_map', '{}', 'shard-index', /has weight_map undefined, expected an object/],
    [
      'a tensor twice',
      '{"weight_map":{"a":"1.safetensors","a":"more/2.safetensors"}}',
      'duplicate-name',
      /has the name "a" twice inside "weight_map"/,
    ],
    [
      'a tensor that its shard does not hold',
      mapTo({ ...weightMap, d: '1.safetensors' }),
      'shard-index',
      /puts tensor "d" into shard "1.safetensors", which does not hold it/,
    ],
    [
      'a shard with a tensor that is not listed',
      mapTo({ a: '1.safetensors' }),
      'shard-index',
      /shard "1.safetensors" holds tensor "b", which the index does not list/,
    ],
    [
      'a tensor in another shard than listed',
      mapTo({ ...weightMap, b: 'more/2.safetensors' }),
      'duplicate-name',
      /shard "1.safetensors" holds tensor "b", which the index puts into "more\/2.safetensors"/,
    ],
    [
      'an empty shard file',
      mapTo({ ...weightMap, d: 'missing.safetensors' }),
      'truncated',
      /^shard "missing.safetensors": .* got 0 bytes in all/,
    ],
  ])('is an error: %s', async (_, json, code, message) => {
    await expect(openShardedSafetensors(json, shelf(shards).open)).rejects.toMatchObject({
      name: 'WeightsError',
      code,
      message: expect.stringMatching(message),
    });
  });

  test.each([
    '../1.safetensors',
    'a/../../1.safetensors',
    '/etc/passwd',
    'C:\\weights',
    'C:/weights',
    '..\\1.safetensors',
    'https://example.org/1.safetensors',
    '//example.org/1.safetensors',
    '%2e%2e/1.safetensors',
    '1.safetensors?x',
    '1.safetensors#x',
    '1.safetensors\0',
    './1.safetensors',
    'a//b',
    '',
    '.',
    3,
    null,
    { name: '1.safetensors' },
  ])('never opens the shard %j', async (name) => {
    const { open, log } = shelf(shards);
    await expect(openShardedSafetensors(mapTo({ a: name }), open)).rejects.toMatchObject({
      code: 'shard-index',
      message: expect.stringContaining('expected a relative file name'),
    });
    expect(log).toEqual([]);
  });
});
