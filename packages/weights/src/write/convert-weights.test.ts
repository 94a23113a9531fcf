import { seededValues } from '@samgpu/testing';
import { expect, test } from 'vitest';

import { memorySource } from '../byte-source.ts';
import { readFloat32 } from '../dequantize.ts';
import { openSafetensors } from '../safetensors.ts';
import type { OpenWeights } from '../weight-store.ts';
import { convertWeights } from './convert-weights.ts';
import { type TensorToWrite, writeSafetensors } from './write-safetensors.ts';

function floats(shape: readonly number[], values: Float32Array): TensorToWrite {
  return { dtype: 'f32', shape, bytes: new Uint8Array(values.buffer) };
}

/** Layers, a transposed convolution, a norm, a table and a counter. */
function network(changes: Readonly<Record<string, TensorToWrite>> = {}): Promise<OpenWeights> {
  const tensors: Readonly<Record<string, TensorToWrite>> = {
    'large.weight': floats([64, 64], seededValues(4096, 1)),
    'large.bias': floats([64], seededValues(64, 2)),
    'small.weight': floats([63, 64], seededValues(63 * 64, 3)),
    'narrow.weight': floats([512, 15], seededValues(512 * 15, 4)),
    'up.weight': floats([64, 32, 2, 2], seededValues(8192, 5)),
    table: floats([64, 64], seededValues(4096, 6)),
    'norm.running_var': floats([2], Float32Array.of(1e-9, 3)),
    'norm.num_batches_tracked': { dtype: 'i64', shape: [], bytes: new Uint8Array(8).fill(1) },
    ...changes,
  };
  return openSafetensors(memorySource(writeSafetensors(Object.entries(tensors))));
}

const channelAxes = new Map([
  ['large.weight', 0],
  ['small.weight', 0],
  ['narrow.weight', 0],
  ['up.weight', 1],
]);

const dtypesOf = (store: OpenWeights | Awaited<ReturnType<typeof convertWeights>>) =>
  Object.fromEntries([...store.tensors].map(([path, { dtype }]) => [path, dtype]));

test('f16: all floats but the statistics of batch norms', async () => {
  const source = await network();
  const converted = await convertWeights(source, { dtype: 'f16' });
  expect(converted.kept).toEqual([]);
  expect(dtypesOf(converted)).toEqual({
    'large.weight': 'f16',
    'large.bias': 'f16',
    'small.weight': 'f16',
    'narrow.weight': 'f16',
    'up.weight': 'f16',
    table: 'f16',
    'norm.running_var': 'f32',
    'norm.num_batches_tracked': 'i64',
  });
  const values = await readFloat32(source, 'up.weight');
  const halves = await readFloat32(converted, 'up.weight');
  halves.forEach((half, index) => {
    // Half a unit in the last of 11 digits.
    expect(Math.abs(half - values[index]!)).toBeLessThanOrEqual(
      Math.abs(values[index]!) * 2 ** -11,
    );
  });
  expect(await readFloat32(converted, 'norm.running_var')).toEqual(Float32Array.of(1e-9, 3));
  expect(await converted.read('norm.num_batches_tracked')).toEqual(new Uint8Array(8).fill(1));
});

test('f16: a tensor with a value that is too large stays f32, and is named', async () => {
  const source = await network({
    table: floats([2], Float32Array.of(1, -70000)),
    'large.bias': floats([2], Float32Array.of(1, Infinity)),
  });
  const converted = await convertWeights(source, { dtype: 'f16' });
  expect(converted.kept).toEqual([{ path: 'table', reason: '-70000 is too large for f16' }]);
  expect(await readFloat32(converted, 'table')).toEqual(Float32Array.of(1, -70000));
  expect(await readFloat32(converted, 'large.bias')).toEqual(Float32Array.of(1, Infinity));
});

test('int8: large layers, with a scale per output channel', async () => {
  const source = await network();
  const converted = await convertWeights(source, { dtype: 'int8', channelAxes });
  expect(converted.kept).toEqual([]);
  expect(dtypesOf(converted)).toEqual({
    'large.weight': 'i8',
    'large.weight.scale': 'f32',
    'large.bias': 'f32',
    'small.weight': 'f32', // less than 4096 elements
    'narrow.weight': 'f32', // less than 16 per channel
    'up.weight': 'i8',
    'up.weight.scale': 'f32',
    table: 'f32', // no layer
    'norm.running_var': 'f32',
    'norm.num_batches_tracked': 'i64',
  });
  expect(converted.tensors.get('up.weight')?.scales).toEqual({ path: 'up.weight.scale', axis: 1 });
  for (const [path, axis] of [
    ['large.weight', 0],
    ['up.weight', 1],
  ] as const) {
    const { shape } = converted.tensors.get(path)!;
    const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    const values = await readFloat32(source, path);
    const got = await readFloat32(converted, path);
    const scales = await readFloat32(converted, `${path}.scale`);
    const numbers = new Int8Array((await converted.read(path)).buffer);
    const largest = new Float32Array(shape[axis]!);
    const reached = new Set<number>();
    values.forEach((value, index) => {
      const channel = Math.floor(index / inner) % shape[axis]!;
      largest[channel] = Math.max(largest[channel]!, Math.abs(value));
      if (Math.abs(numbers[index]!) === 127) {
        reached.add(channel);
      }
      // Half a step, and the roundings of scale and product.
      expect(Math.abs(got[index]! - value)).toBeLessThanOrEqual(scales[channel]! * 0.50001);
    });
    expect(scales).toEqual(largest.map((value) => value / 127));
    expect(reached.size).toBe(shape[axis]);
  }
});

test('int8: zeros, ties and the ends', async () => {
  const row = (...values: number[]): number[] => [
    ...values,
    ...new Array(64 - values.length).fill(0),
  ];
  const values = Float32Array.from([
    ...row(127, -127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5),
    ...row(), // zeros
    ...row(1e-45, -1e-45), // their scale would be 0
    ...new Array(61 * 64).fill(3),
  ]);
  const source = await network({ 'large.weight': floats([64, 64], values) });
  const converted = await convertWeights(source, { dtype: 'int8', channelAxes });
  const scales = await readFloat32(converted, 'large.weight.scale');
  expect([...scales.subarray(0, 3)]).toEqual([1, 1, 1]);
  const numbers = new Int8Array((await converted.read('large.weight')).buffer);
  expect([...numbers.subarray(0, 9)]).toEqual(
    [127, -127, 0, 2, 2, -0, -2, -2, 126].map((n) => n + 0),
  );
  expect(numbers.subarray(64, 192).every((number) => number === 0)).toBe(true);
});

test('int8: what is not finite stays f32, and is named', async () => {
  const values = seededValues(4096, 1).map((value, index) => (index === 9 ? Number.NaN : value));
  const source = await network({ 'large.weight': floats([64, 64], values) });
  const converted = await convertWeights(source, { dtype: 'int8', channelAxes });
  expect(converted.kept).toEqual([{ path: 'large.weight', reason: 'NaN cannot be quantised' }]);
  expect(converted.tensors.get('large.weight')).toEqual({ dtype: 'f32', shape: [64, 64] });
});

test('quantised weights become floats again, and quantising them again changes nothing', async () => {
  const quantized = await convertWeights(await network(), { dtype: 'int8', channelAxes });
  const plain = await convertWeights(quantized, { dtype: 'f32' });
  expect([...plain.tensors.keys()]).not.toContain('large.weight.scale');
  expect(plain.tensors.get('large.weight')).toEqual({ dtype: 'f32', shape: [64, 64] });
  expect(await readFloat32(plain, 'up.weight')).toEqual(await readFloat32(quantized, 'up.weight'));
  const again = await convertWeights(plain, { dtype: 'int8', channelAxes });
  expect(await again.read('up.weight')).toEqual(await quantized.read('up.weight'));
});

test('int8 without axes, or with one that is not there, is refused', async () => {
  const source = await network();
  await expect(convertWeights(source, { dtype: 'int8' })).rejects.toMatchObject({
    code: 'argument',
  });
  await expect(
    convertWeights(source, { dtype: 'int8', channelAxes: new Map([['large.weight', 2]]) }),
  ).rejects.toThrow('along axis 2, which it does not have');
});
