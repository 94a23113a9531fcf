import {
  add,
  convTranspose2d,
  type Graph,
  interpret,
  linear,
  reshape,
  type StoredType,
  trace,
} from '@samgpu/graph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryWeights } from '../fixtures/memory-weights.ts';
import { createOnnxBackend, type OnnxBackend, type RuntimeKind } from '../index.ts';
import { exportOnnx } from './export-onnx.ts';
import { translateGraph } from './plan-graph.ts';

describe.each<RuntimeKind>(['node', 'web'])('stored types on onnxruntime-%s', (runtime) => {
  let backend: OnnxBackend;
  beforeAll(async () => {
    backend = await createOnnxBackend({ runtime });
  });
  afterAll(() => backend.dispose());

  test.each<StoredType>(['f64', 'f32', 'f16', 'bf16', 'i8'])('%s', async (dtype) => {
    // Whole numbers are exact in all types, and so are their sums: nothing may differ.
    const weights = new MemoryWeights({
      'layer.weight': { shape: [5, 3], dtype, values: [1, -2, 3, 64, -7, 0, 12] },
      shift: { shape: [5], dtype, values: [4, -96] },
    });
    const graph = trace('types', { x: { shape: [2, 3] } }, weights.tensors, ({ x }, w) => ({
      y: add(linear(x, w.at('layer')), reshape(w.tensor('shift'), [1, 5])),
    }));
    const x = { shape: [2, 3], data: Float32Array.of(1, 2, 3, -4, 5, 6) };
    const program = await backend.compile(graph, weights);
    const { y } = await program.run({ x });
    const expected = interpret(graph, { x }, (path) => weights.valuesOf(path));
    expect([...(await y!.read()).data]).toEqual([...expected['y']!.data]);
    program.dispose();
  });

  test('quantised, with scales along either axis', async () => {
    const weights = quantized();
    const graph = quantizedGraph(weights);
    // Scales are powers of two: products and sums are exact, and nothing may differ.
    const x = { shape: [1, 2, 2, 3], data: Float32Array.from({ length: 12 }, (_, i) => i - 5) };
    const program = await backend.compile(graph, weights);
    const { y } = await program.run({ x });
    const expected = interpret(graph, { x }, (path) => weights.valuesOf(path));
    expect([...(await y!.read()).data]).toEqual([...expected['y']!.data]);
    program.dispose();
  });
});

/** A layer, whose output channels lie along axis 0, and a transposed convolution: along axis 1. */
function quantized(): MemoryWeights {
  return new MemoryWeights({
    'layer.weight': {
      shape: [4, 3],
      dtype: 'i8',
      values: [1, -127, 3, 64, -7],
      scales: { path: 'layer.weight.scale', axis: 0 },
    },
    'layer.weight.scale': { shape: [4], dtype: 'f32', values: [0.5, 2, 0.25, 1] },
    'upscaling.weight': {
      shape: [4, 2, 2, 2],
      dtype: 'i8',
      values: [5, -3, 0, 127, 8, 1, -1],
      scales: { path: 'upscaling.weight.scale', axis: 1 },
    },
    'upscaling.weight.scale': { shape: [2], dtype: 'f32', values: [0.125, 4] },
  });
}

function quantizedGraph(weights: MemoryWeights): Graph {
  return trace('quantized', { x: { shape: [1, 2, 2, 3] } }, weights.tensors, ({ x }, w) => ({
    y: convTranspose2d(linear(x, w.at('layer')), w.at('upscaling'), { stride: 2 }),
  }));
}

test('quantised weights are dequantised in the model, and their scales stand beside them', () => {
  const weights = quantized();
  const { content } = translateGraph(quantizedGraph(weights), weights, {});
  expect(content.initializers.map(({ name, elementType }) => [name, elementType])).toEqual(
    expect.arrayContaining([
      ['layer.weight', 'int8'],
      ['layer.weight.scale', 'float'],
      ['upscaling.weight', 'int8'],
      ['upscaling.weight.scale', 'float'],
    ]),
  );
  const made = content.nodes.filter(({ operator }) => operator === 'DequantizeLinear');
  expect(made.map(({ inputs, attributes }) => [inputs, attributes])).toEqual([
    [['layer.weight', 'layer.weight.scale'], { axis: { integer: 0 } }],
    [['upscaling.weight', 'upscaling.weight.scale'], { axis: { integer: 1 } }],
  ]);
});

test('scales that are missing or too few are named', async () => {
  const graph = quantizedGraph(quantized());
  const layer = { shape: [4, 3], dtype: 'i8', values: [1] } as const;
  const scaled = { ...layer, scales: { path: 'layer.weight.scale', axis: 0 } };
  await expect(exportOnnx(graph, new MemoryWeights({ 'layer.weight': layer }))).rejects.toThrow(
    '"layer.weight" is i8 [4, 3] in the store, and graph "quantized" was traced with ' +
      'i8 [4, 3] with scales "layer.weight.scale" along axis 0',
  );
  await expect(exportOnnx(graph, new MemoryWeights({ 'layer.weight': scaled }))).rejects.toThrow(
    '"layer.weight.scale", the scales of "layer.weight", is missing in the store, wanted f32 [4]',
  );
});

test('half-precision weights take half of the room in the model', async () => {
  const sizeAs = async (dtype: StoredType): Promise<number> => {
    const weights = new MemoryWeights({ 'layer.weight': { shape: [99, 77], dtype, values: [1] } });
    const graph = trace('size', { x: { shape: [1, 77] } }, weights.tensors, ({ x }, w) => ({
      y: linear(x, w.at('layer')),
    }));
    return (await exportOnnx(graph, weights)).bytes.byteLength;
  };
  const half = await sizeAs('f16');
  expect((await sizeAs('f32')) - half).toBeGreaterThan(2 * 99 * 77 - 100); // less a Cast node
  expect(await sizeAs('bf16')).toBe(half);
});
