import { expect, test } from 'vitest';

import { memorySource, openSafetensors, renameTensors, writeSafetensors } from './index.ts';

const bytes = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const open = () =>
  openSafetensors(
    memorySource(
      writeSafetensors([
        ['a', { dtype: 'f32', shape: [2], bytes: bytes(1, 2) }],
        ['b', { dtype: 'f32', shape: [1], bytes: bytes(3) }],
        ['q', { dtype: 'i8', shape: [2, 1], bytes: Uint8Array.of(1, 255) }],
        ['q.scale', { dtype: 'f32', shape: [2], bytes: bytes(0.5, 2) }],
      ]),
    ),
  );

test('tensors are read under their new names, and the others are gone', async () => {
  const weights = await open();
  const renamed = renameTensors(weights, new Map([['x.a', 'a']]));
  expect([...renamed.tensors.keys()]).toEqual(['x.a']);
  expect(await renamed.read('x.a')).toEqual(bytes(1, 2));
  const chunks: Uint8Array[] = [];
  for await (const chunk of renamed.readChunks('x.a', { chunkSize: 4 })) {
    chunks.push(chunk);
  }
  expect(chunks).toEqual([bytes(1), bytes(2)]);
  expect(renamed.fingerprint).not.toBe(weights.fingerprint);
  await expect(renamed.read('a')).rejects.toMatchObject({ code: 'missing-tensor' });
});

test('scales follow the tensor that they are of', async () => {
  const names = new Map([
    ['y', 'q'],
    ['y.scale', 'q.scale'],
  ]);
  const renamed = renameTensors(await open(), names);
  expect(renamed.tensors.get('y')!.scales).toEqual({ path: 'y.scale', axis: 0 });
  const alone = new Map([['y', 'q']]);
  const weights = await open();
  expect(() => renameTensors(weights, alone)).toThrow('the scales "q.scale"');
});

test('names that stay leave the store as it is', async () => {
  const weights = await open();
  const same = new Map(Array.from(weights.tensors.keys(), (name) => [name, name]));
  expect(renameTensors(weights, same)).toBe(weights);
});

test('a name that is not there is refused', async () => {
  const weights = await open();
  expect(() => renameTensors(weights, new Map([['x', 'z']]))).toThrow('there is no tensor "z"');
});
