import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import {
  dtypeSize,
  memorySource,
  openSafetensors,
  type TensorToWrite,
  writeSafetensors,
} from '../index.ts';

test('writes what the official writer writes, byte for byte', async () => {
  const path = fileURLToPath(new URL('../fixtures/official.safetensors', import.meta.url));
  const official = new Uint8Array(await readFile(path));
  const store = await openSafetensors(memorySource(official));
  const tensors: [string, TensorToWrite][] = [];
  for (const [name, info] of store.tensors) {
    tensors.push([name, { ...info, bytes: await store.read(name) }]);
  }
  tensors.reverse();
  expect(Buffer.from(writeSafetensors(tensors, store.metadata))).toEqual(Buffer.from(official));
});

test('aligns every tensor to its elements', async () => {
  const tensors = (['u8', 'f16', 'bool', 'f64', 'i32', 'i8', 'f32'] as const).map(
    (dtype): [string, TensorToWrite] => [
      `a tensor of ${dtype}`,
      { dtype, shape: [3], bytes: new Uint8Array(3 * dtypeSize(dtype)) },
    ],
  );
  const store = await openSafetensors(memorySource(writeSafetensors(tensors)));
  for (const [name, { dtype }] of store.tensors) {
    const { byteOffset } = await store.read(name);
    expect([name, byteOffset % dtypeSize(dtype)]).toEqual([name, 0]);
  }
});

test('writes an empty file', async () => {
  const store = await openSafetensors(memorySource(writeSafetensors([])));
  expect(store.tensors.size).toBe(0);
  expect(store.metadata.size).toBe(0);
});

const one: TensorToWrite = { dtype: 'u8', shape: [1], bytes: Uint8Array.of(1) };

test('refuses metadata that are no text', () => {
  expect(() => writeSafetensors([], [['by', '\ud83d']])).toThrow('is not valid Unicode');
});

test.each<[string, [string, TensorToWrite][], string]>([
  [
    'too few bytes',
    [['a', { ...one, shape: [2] }]],
    'tensor "a" has 1 bytes, expected 2 for u8 [2]',
  ],
  ['a fractional shape', [['a', { ...one, shape: [1.5] }]], 'tensor "a" has shape [1.5]'],
  [
    'a name twice',
    [
      ['a', one],
      ['a', one],
    ],
    'tensor "a" is given twice',
  ],
  ['the name of the metadata', [['__metadata__', one]], 'cannot have the name "__metadata__"'],
  ['a name that is no text', [['\ud800', one]], 'cannot have the name'],
])('refuses %s', (_, tensors, message) => {
  expect(() => writeSafetensors(tensors)).toThrow(message);
});
