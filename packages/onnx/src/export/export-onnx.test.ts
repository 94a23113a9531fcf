import { attention, interpret, linear, REMOVED_KEY, trace } from '@samgpu/graph';
import { expectClose, seededValues } from '@samgpu/testing';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { MemoryWeights } from '../fixtures/memory-weights.ts';
import { OnnxError } from '../onnx-error.ts';
import { exportOnnx } from './export-onnx.ts';
import { planGraph, translateGraph } from './plan-graph.ts';

const LAYER = {
  'layer.weight': { shape: [2, 3], dtype: 'f32', values: [1, 2, 3, 4, 5, 6] },
  'layer.bias': { shape: [2], dtype: 'f32', values: [1, -1] },
} as const;

function layerGraph(weights: MemoryWeights) {
  return trace('layer', { x: { shape: [1, 3] } }, weights.tensors, ({ x }, w) => ({
    y: linear(x, w.at('layer')),
  }));
}

describe('names', () => {
  test('inputs, outputs and weights keep theirs', async () => {
    const weights = new MemoryWeights(LAYER);
    const model = await exportOnnx(layerGraph(weights), weights);
    const session = await ort.InferenceSession.create(model.bytes);
    expect(session.inputNames).toEqual(['x']);
    expect(session.outputNames).toEqual(['y']);
    expect([...model.outputNames]).toEqual([['y', 'y']]);
    const { content } = translateGraph(layerGraph(weights), weights, {});
    expect(content.initializers.map(({ name }) => name)).toEqual(Object.keys(LAYER));
    await session.release();
  });

  test('an output that is called like an input gets another, which the model tells', async () => {
    const graph = trace('same', { mask: { shape: [2] } }, new Map(), ({ mask }) => ({ mask }));
    const model = await exportOnnx(graph, new MemoryWeights({}));
    const session = await ort.InferenceSession.create(model.bytes);
    expect(session.outputNames).toEqual([model.outputNames.get('mask')]);
    expect(session.outputNames).not.toEqual(session.inputNames);
    await session.release();
  });

  test('weights may be called like inputs, outputs and nodes', async () => {
    const weights = new MemoryWeights({
      x: { shape: [3], dtype: 'f16', values: [1] },
      y: { shape: [3], dtype: 'f32', values: [2] },
      'unary_1/Relu': { shape: [3], dtype: 'f32', values: [3] },
    });
    const graph = trace('names', { x: { shape: [3] } }, weights.tensors, ({ x }, w) => ({
      y: w.tensor('x'),
      x1: w.tensor('unary_1/Relu'),
      constant_0: w.tensor('y'),
      again: w.tensor('y'),
      through: x,
    }));
    const { bytes, outputNames } = await exportOnnx(graph, weights);
    const session = await ort.InferenceSession.create(bytes);
    const results = await session.run({ x: new ort.Tensor('float32', [7, 8, 9], [3]) });
    const firstOf = (name: string): unknown => results[outputNames.get(name)!]?.data[0];
    expect(['y', 'x1', 'constant_0', 'again', 'through'].map(firstOf)).toEqual([1, 3, 2, 2, 7]);
    await session.release();
  });
});

describe('weights that do not fit', () => {
  test('a missing one is named', async () => {
    const graph = layerGraph(new MemoryWeights(LAYER));
    const empty = new MemoryWeights({ other: { shape: [1], dtype: 'f32', values: [0] } });
    await expect(exportOnnx(graph, empty)).rejects.toMatchObject({
      name: 'OnnxError',
      code: 'weights',
      message: expect.stringMatching(/"layer" needs the weight "layer.weight" \[2, 3\].*it has 1/),
    });
  });

  test.each([
    { ...LAYER, 'layer.weight': { shape: [3, 2], dtype: 'f32', values: [1] } },
    { ...LAYER, 'layer.weight': { shape: [2, 3], dtype: 'f16', values: [1] } },
  ] as const)('one of another shape or type is named', async (others) => {
    const graph = layerGraph(new MemoryWeights(LAYER));
    const { shape, dtype } = others['layer.weight'];
    await expect(exportOnnx(graph, new MemoryWeights(others))).rejects.toThrow(
      `"layer.weight" is ${dtype} [${shape.join(', ')}] in the store, and graph "layer" was traced with f32 [2, 3]`,
    );
  });

  test('bytes that are cut short are noticed', async () => {
    const weights = new MemoryWeights(LAYER);
    const short = {
      tensors: weights.tensors,
      fingerprint: 'short',
      read: async (path: string) => (await weights.read(path)).subarray(4),
    };
    const error = await exportOnnx(layerGraph(weights), short).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(OnnxError);
    expect(error).toMatchObject({ code: 'weights' });
    expect(String(error)).toContain('"layer.weight" gave 20 bytes, wanted 24 for f32 [2, 3]');
  });

  test('an error of the store comes through', async () => {
    const weights = new MemoryWeights(LAYER);
    const broken = {
      tensors: weights.tensors,
      fingerprint: 'broken',
      read: () => Promise.reject(new RangeError('the disk is gone')),
    };
    await expect(exportOnnx(layerGraph(weights), broken)).rejects.toThrow(RangeError);
  });
});

describe('external data', () => {
  test('weights stand at multiples of 4096, and small ones in the model', async () => {
    const weights = new MemoryWeights({
      a: { shape: [300], dtype: 'f32', values: [1] },
      tiny: { shape: [3], dtype: 'f32', values: [2] },
      b: { shape: [1000], dtype: 'f16', values: [3] },
    });
    const graph = trace('a/b: c', { x: { shape: [1] } }, weights.tensors, (_, w) => ({
      a: w.tensor('a'),
      tiny: w.tensor('tiny'),
      b: w.tensor('b'),
    }));
    const { bytes, externalData } = await exportOnnx(graph, weights, { externalData: true });
    expect(externalData).toHaveLength(1);
    const [file] = externalData;
    expect(file).toMatchObject({ location: 'a-b-c.onnx.data', byteLength: 4096 + 2000 });
    const data = await collect(file!.read());
    expect(data.byteLength).toBe(file!.byteLength);
    expect([...new Uint16Array(data.buffer, 4096, 2)]).toEqual([0x4200, 0x4200]); // 3 in 16 bits

    const session = await ort.InferenceSession.create(bytes, {
      externalData: [{ path: file!.location, data }],
    });
    const results = await session.run({ x: new ort.Tensor('float32', [0], [1]) });
    expect([results['a'], results['tiny'], results['b']].map((value) => value?.data[2])).toEqual([
      1, 2, 3,
    ]);
    await session.release();
  });

  test('nothing is read before it is written', async () => {
    const weights = new MemoryWeights({ a: { shape: [300], dtype: 'f32', values: [1] } });
    const graph = trace('lazy', {}, weights.tensors, (_, w) => ({ a: w.tensor('a') }));
    const { externalData } = await exportOnnx(graph, weights, { externalData: true });
    expect(weights.reads).toBe(0);
    await collect(externalData[0]!.read());
    expect(weights.reads).toBe(1);
  });

  test('is taken where a model would pass 1.9 GB, without reading a weight for that', () => {
    const sized = (rows: number): number => {
      const weights = new MemoryWeights({
        table: { shape: [rows, 1_000_000], dtype: 'f32', values: [0] },
      });
      const graph = trace('large', {}, weights.tensors, (_, w) => ({ table: w.tensor('table') }));
      return planGraph(graph, weights, {}).external.length;
    };
    expect(sized(470)).toBe(0);
    expect(sized(480)).toBe(1);
  });
});

test('attention in parts is the same attention', async () => {
  const operands = { query: 7, key: 8, value: 9 };
  const shape = [2, 23, 12];
  const graph = trace(
    'parts',
    { query: { shape }, key: { shape }, value: { shape }, keyBias: { shape: [2, 23] } },
    new Map(),
    ({ query, key, value, keyBias }) => ({
      result: attention(query, key, value, { heads: 3, keyBias }),
    }),
  );
  const bias = Float32Array.from({ length: 46 }, (_, index) => (index % 5 === 0 ? REMOVED_KEY : 0));
  const inputs = {
    ...Object.fromEntries(
      Object.entries(operands).map(([name, seed]) => [
        name,
        { shape, data: seededValues(2 * 23 * 12, seed) },
      ]),
    ),
    keyBias: { shape: [2, 23], data: bias },
  };
  // Scores of one query are 2 * 3 * 23 floats; five queries fit.
  const scoreBytes = 5.5 * 4 * 2 * 3 * 23;
  const { bytes } = await exportOnnx(graph, new MemoryWeights({}), { scoreBytes });
  const { content } = translateGraph(graph, new MemoryWeights({}), { scoreBytes });
  expect(content.nodes.filter(({ operator }) => operator === 'Softmax')).toHaveLength(5);
  const session = await ort.InferenceSession.create(bytes);
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      new ort.Tensor('float32', value.data, value.shape),
    ]),
  );
  const { result } = await session.run(feeds);
  const expected = interpret(graph, inputs)['result']!;
  // Weighted means of values below 1, by 23 products of 4: a few roundings.
  expectClose(result!.data as Float32Array, expected.data, { what: 'result', limit: 2e-6 });
  await session.release();
});

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    parts.push(chunk);
  }
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.byteLength;
  }
  return result;
}
