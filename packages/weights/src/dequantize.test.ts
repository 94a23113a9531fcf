import { describe, expect, test } from 'vitest';

import { memorySource } from './byte-source.ts';
import { dequantize, dequantized, readFloat32 } from './dequantize.ts';
import { openSafetensors } from './safetensors.ts';
import { openShardedSafetensors } from './sharded-safetensors.ts';
import { type TensorToWrite, writeSafetensors } from './write/write-safetensors.ts';

const i8 = (shape: number[], ...numbers: number[]): TensorToWrite => ({
  dtype: 'i8',
  shape,
  bytes: new Uint8Array(Int8Array.from(numbers).buffer),
});
const f32 = (...values: number[]): TensorToWrite => ({
  dtype: 'f32',
  shape: [values.length],
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

const quantized: readonly (readonly [string, TensorToWrite])[] = [
  ['layer.weight', i8([2, 3], 1, 2, 3, -4, -127, 127)],
  ['layer.weight.scale', f32(0.5, 2)],
  ['layer.bias', f32(7, 8)],
  ['up.weight', i8([2, 2, 1, 2], 1, 2, 3, 4, 5, 6, 7, 8)],
  ['up.weight.scale', f32(1, 10)],
  ['counts', i8([2], 5, 6)],
];
const axes = [['samgpu.channel_axes', '{"up.weight":1}']] as const;

function open(
  tensors: readonly (readonly [string, TensorToWrite])[],
  metadata: Iterable<readonly [string, string]> = axes,
) {
  return openSafetensors(memorySource(writeSafetensors(tensors, metadata)));
}

test('dequantize multiplies each number by the scale of its channel', () => {
  const numbers = Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect([...dequantize(numbers, Float32Array.of(1, 10), [2, 4], 0)]).toEqual([
    1, 2, 3, 4, 50, 60, 70, 80,
  ]);
  expect([...dequantize(numbers, Float32Array.of(1, 10), [2, 2, 2], 1)]).toEqual([
    1, 2, 30, 40, 5, 6, 70, 80,
  ]);
  expect(() => dequantize(numbers, Float32Array.of(1), [2, 4], 0)).toThrow(
    'got 8 numbers and 1 scales, expected 8 and 2 for [2,4] along axis 0',
  );
});

describe('a file with scales', () => {
  test('marks what is quantised, and reads it in either way', async () => {
    const store = await open(quantized);
    expect(store.tensors.get('layer.weight')?.scales).toEqual({
      path: 'layer.weight.scale',
      axis: 0,
    });
    expect(store.tensors.get('up.weight')?.scales).toEqual({ path: 'up.weight.scale', axis: 1 });
    expect(store.tensors.get('counts')?.scales).toBeUndefined();
    expect([...new Int8Array(await store.read('layer.weight'))]).toEqual([1, 2, 3, -4, -127, 127]);
    expect([...(await readFloat32(store, 'layer.weight'))]).toEqual([0.5, 1, 1.5, -8, -254, 254]);
    expect([...(await readFloat32(store, 'up.weight'))]).toEqual([1, 2, 30, 40, 5, 6, 70, 80]);
    expect([...(await readFloat32(store, 'counts'))]).toEqual([5, 6]);
  });

  test('dequantized shows floats, and no scales', async () => {
    const store = dequantized(await open(quantized));
    expect([...store.tensors.keys()].sort()).toEqual([
      'counts',
      'layer.bias',
      'layer.weight',
      'up.weight',
    ]);
    expect(store.tensors.get('layer.weight')).toEqual({ shape: [2, 3], dtype: 'f32' });
    const bytes = await store.read('up.weight');
    expect([...new Float32Array(bytes.buffer, bytes.byteOffset, 8)]).toEqual([
      1, 2, 30, 40, 5, 6, 70, 80,
    ]);
    await expect(store.read('up.weight.scale')).rejects.toMatchObject({ code: 'missing-tensor' });
    const plain = await open(quantized.filter(([name]) => !name.endsWith('.scale')));
    expect(dequantized(plain)).toBe(plain);
  });

  test('scales that do not fit are refused', async () => {
    const wrong = quantized.map(([name, tensor]) => [
      name,
      name === 'layer.weight.scale' ? f32(1, 2, 3) : tensor,
    ]) as typeof quantized;
    await expect(open(wrong)).rejects.toMatchObject({
      code: 'shape',
      message: expect.stringContaining(
        'tensor "layer.weight.scale" is f32 [3], expected f32 [2], one scale for each position along axis 0',
      ),
    });
    await expect(open(quantized, [['samgpu.channel_axes', '{"up.weight":4}']])).rejects.toThrow(
      'expected f32 [channels]',
    );
    await expect(
      open(quantized, [['samgpu.channel_axes', '{"up.weight":-1}']]),
    ).rejects.toMatchObject({ code: 'metadata' });
    await expect(open(quantized, [['samgpu.channel_axes', '[1]']])).rejects.toMatchObject({
      code: 'metadata',
    });
  });
});

test('scales may lie in another shard', async () => {
  const isScale = ([name]: readonly [string, unknown]): boolean => name.endsWith('.scale');
  const shards: Readonly<Record<string, Uint8Array>> = {
    'a.safetensors': writeSafetensors(
      quantized.filter((named) => !isScale(named)),
      axes,
    ),
    'b.safetensors': writeSafetensors(quantized.filter(isScale)),
  };
  const weight_map = Object.fromEntries(
    quantized.map((named) => [named[0], isScale(named) ? 'b.safetensors' : 'a.safetensors']),
  );
  const store = await openShardedSafetensors(JSON.stringify({ weight_map }), async (name) =>
    memorySource(shards[name]!),
  );
  expect([...(await readFloat32(store, 'up.weight'))]).toEqual([1, 2, 30, 40, 5, 6, 70, 80]);
  expect([...(await readFloat32(store, 'layer.weight'))]).toEqual([0.5, 1, 1.5, -8, -254, 254]);
});
