import { add, interpret, linear, reshape, type StoredType, trace } from '@samgpu/graph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryWeights } from '../fixtures/memory-weights.ts';
import { createOnnxBackend, type OnnxBackend, type RuntimeKind } from '../index.ts';
import { exportOnnx } from './export-onnx.ts';

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
