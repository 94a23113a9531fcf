import { describe, expect, test } from 'vitest';

import { type ByteSource, memorySource, openPyTorch, toFloat32 } from '../index.ts';
import {
  dictionary,
  globalOf,
  int,
  program,
  storage,
  tensor,
  text,
} from './fixtures/build-pickle.ts';
import { legacyCheckpoint, type LegacyParts, list } from './fixtures/build-legacy.ts';
import { opcode } from './pickle-opcodes.ts';

const pickle = program(dictionary({ w: tensor() }));
const floats = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

test('a file by hand is read', async () => {
  const store = await openPyTorch(memorySource(legacyCheckpoint({ pickle })));
  expect(toFloat32(await store.read('w'), 'f32')).toEqual(Float32Array.of(1, 2, 3, 4));
});

test('storages lie in the order of their keys', async () => {
  const two = program(dictionary({ a: tensor({ storage: storage({ key: 'x' }) }), b: tensor() }));
  const bytes = legacyCheckpoint({
    pickle: two,
    keys: list(text('0'), text('x')),
    storages: [
      [4, floats],
      [4, new Uint8Array(16)],
    ],
  });
  const store = await openPyTorch(memorySource(bytes));
  expect(toFloat32(await store.read('a'), 'f32')).toEqual(new Float32Array(4));
  expect(toFloat32(await store.read('b'), 'f32')).toEqual(Float32Array.of(1, 2, 3, 4));
});

describe('a file is refused', () => {
  test.each<[string, Partial<LegacyParts>, string, RegExp]>([
    [
      'that is another pickle',
      { magic: text('hello') },
      'format',
      /a pickle of string, expected the magic number/,
    ],
    [
      'of another version',
      { version: int(1000) },
      'format',
      /protocol version 1000, expected 1001/,
    ],
    [
      'that is big-endian',
      { system: dictionary({ little_endian: [opcode.NEWFALSE] }) },
      'format',
      /is big-endian/,
    ],
    [
      'that says no byte order',
      { system: dictionary({}) },
      'format',
      /does not say what byte order/,
    ],
    ['whose keys are no list', { keys: text('0') }, 'pickle', /storage keys are string/],
    ['whose keys are no texts', { keys: list(int(0)) }, 'pickle', /expected a list of texts/],
    [
      'with a storage too many',
      { keys: list(text('0'), text('1')) },
      'offsets',
      /lists 2 storages, expected the 1 .*"1" is in one/,
    ],
    [
      'with a storage too few',
      { keys: list() },
      'offsets',
      /lists 0 storages, expected the 1 .*"0" is in one/,
    ],
    [
      'with a storage twice',
      { keys: list(text('0'), text('0')) },
      'offsets',
      /lists 2 storages, expected the 1/,
    ],
    [
      'with another count',
      { storages: [[5, floats]] },
      'size',
      /storage "0" has 5 elements at byte \d+ of the file, expected 4/,
    ],
    [
      'with a huge count',
      { storages: [[2 ** 63, floats]] },
      'size',
      /storage "0" has -9223372036854775808 elements/,
    ],
    [
      'with storages cut short',
      { storages: [[4, floats.subarray(1)]] },
      'truncated',
      /describes a file of \d+ bytes, got/,
    ],
    [
      'with bytes too many',
      { storages: [[4, new Uint8Array(17)]] },
      'trailing-bytes',
      /describes a file of \d+ bytes, got/,
    ],
    [
      'with a storage that is a view',
      {
        pickle: program(
          dictionary({
            w: [
              opcode.MARK,
              ...text('storage'),
              ...globalOf('torch', 'FloatStorage'),
              ...text('0'),
              ...text('cpu'),
              ...int(4),
              opcode.EMPTY_TUPLE,
              opcode.TUPLE,
              opcode.BINPERSID,
            ],
          }),
        ),
      },
      'format',
      /storage "0" is a view of another/,
    ],
  ])('%s', async (_, parts, code, message) => {
    const source = memorySource(legacyCheckpoint({ pickle, ...parts }));
    await expect(openPyTorch(source)).rejects.toMatchObject({
      name: 'WeightsError',
      code,
      message: expect.stringMatching(message),
    });
  });

  test('at every length but its own', async () => {
    const bytes = legacyCheckpoint({ pickle });
    for (let length = 0; length < bytes.length; length++) {
      await expect(openPyTorch(memorySource(bytes.subarray(0, length)))).rejects.toMatchObject({
        name: 'WeightsError',
      });
    }
  });
});

test('a long pickle is read in growing pieces, and the storages not at all', async () => {
  const names = Array.from({ length: 3000 }, (_, i) => `${i}${'-'.repeat(100)}`);
  const long = program(dictionary(Object.fromEntries(names.map((name) => [name, tensor()]))));
  // Beyond the first piece, so that the end of the pickle has to be looked for.
  expect(long.length).toBeGreaterThan(2 ** 19);
  const head = legacyCheckpoint({ pickle: long, storages: [] });
  const bytes = new Uint8Array(head.length + 24);
  bytes.set(head);
  bytes.set([4], head.length);
  bytes.set(floats, head.length + 8);
  const reads: [number, number][] = [];
  const source: ByteSource = {
    size: bytes.length,
    identity: 'counted',
    async read(offset, length) {
      reads.push([offset, length]);
      return bytes.subarray(offset, offset + length);
    },
  };
  const store = await openPyTorch(source);
  expect(store.tensors.size).toBe(3000);
  expect(reads).toContainEqual([head.length, 8]);
  expect(Math.max(...reads.map(([, length]) => length))).toBeLessThanOrEqual(2 ** 20);
});
