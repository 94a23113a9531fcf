import { mul, trace } from '@samgpu/graph';
import { memorySource, openSafetensors, writeSafetensors } from '@samgpu/weights';
import { expect, test } from 'vitest';

import { staticTensor } from './static-tensor.ts';

test('quantised weights are loaded and folded as their values', async () => {
  const numbers = Int8Array.of(1, -2, 3, 4);
  const scales = Float32Array.of(0.5, 4);
  const store = await openSafetensors(
    memorySource(
      writeSafetensors([
        ['layer', { dtype: 'i8', shape: [2, 2], bytes: new Uint8Array(numbers.buffer) }],
        ['layer.scale', { dtype: 'f32', shape: [2], bytes: new Uint8Array(scales.buffer) }],
      ]),
    ),
  );
  const graph = trace('quantised', {}, store.tensors, (_, w) => {
    const layer = w.tensor('layer');
    return { layer, twice: mul(layer, 2) };
  });
  const load = async (output: string): Promise<readonly number[]> => {
    const { type, elements } = await staticTensor(graph, graph.outputs.get(output)!).load(store);
    expect(type).toBe('f32');
    return [...elements];
  };
  expect(await load('layer')).toEqual([0.5, -1, 12, 16]);
  expect(await load('twice')).toEqual([1, -2, 24, 32]);
});
