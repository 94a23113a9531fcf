import {
  add,
  cast,
  type Graph,
  interpret,
  linear,
  matmul,
  mul,
  type Program,
  reduceSum,
  relu,
  trace,
} from '@samgpu/graph';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryWeights } from '../fixtures/memory-weights.ts';
import { createOnnxBackend, type OnnxBackend } from './onnx-backend.ts';
import type { RuntimeKind } from './runtime.ts';

const weights = new MemoryWeights({
  'layer.weight': { shape: [2, 3], dtype: 'f32', values: [1, 2, 3, 4, 5, 6] },
  'layer.bias': { shape: [2], dtype: 'f32', values: [1, -1] },
});

function layerGraph(): Graph {
  return trace('layer', { x: { shape: [1, 3] } }, weights.tensors, ({ x }, w) => ({
    y: linear(x, w.at('layer')),
  }));
}

const row = (...data: number[]) => ({ shape: [1, data.length], data: Float32Array.from(data) });

describe.each<RuntimeKind>(['node', 'web'])('onnxruntime-%s', (runtime) => {
  let backend: OnnxBackend;
  beforeEach(async () => {
    backend = await createOnnxBackend({ runtime });
  });
  afterEach(() => backend.dispose());

  const outputOf = async (program: Program, ...x: number[]): Promise<number[]> => {
    const { y } = await program.run({ x: row(...x) });
    return [...(await y!.read()).data];
  };

  describe('sessions', () => {
    test('the same graph and weights are compiled once, until the last program is disposed of', async () => {
      const store = new MemoryWeights({
        'layer.weight': { shape: [2, 3], dtype: 'f32', values: [1] },
        'layer.bias': { shape: [2], dtype: 'f32', values: [0] },
      });
      // Traced anew: it is the content that counts.
      const [first, second] = await Promise.all([
        backend.compile(layerGraph(), store),
        backend.compile(layerGraph(), store),
      ]);
      const third = await backend.compile(layerGraph(), store);
      expect(store.reads).toBe(2); // weight and bias
      first.dispose();
      first.dispose(); // counts once
      second.dispose();
      expect(await outputOf(third, 1, 2, 3)).toEqual([6, 6]);
      third.dispose();
      const fourth = await backend.compile(layerGraph(), store);
      expect(store.reads).toBe(4);
      expect(await outputOf(fourth, 1, 2, 3)).toEqual([6, 6]);
    });

    test('other weights make another session', async () => {
      const others = new MemoryWeights(
        {
          'layer.weight': { shape: [2, 3], dtype: 'f32', values: [2] },
          'layer.bias': { shape: [2], dtype: 'f32', values: [0] },
        },
        'others',
      );
      const program = await backend.compile(layerGraph(), weights);
      const other = await backend.compile(layerGraph(), others);
      expect(await outputOf(program, 1, 1, 1)).toEqual([7, 14]);
      expect(await outputOf(other, 1, 1, 1)).toEqual([6, 6]);
    });

    test('one that failed is tried anew', async () => {
      let fail = true;
      const store = {
        tensors: weights.tensors,
        fingerprint: 'flaky',
        read: (path: string) =>
          fail ? Promise.reject(new Error('unplugged')) : weights.read(path),
      };
      const both = [backend.compile(layerGraph(), store), backend.compile(layerGraph(), store)];
      for (const result of await Promise.allSettled(both)) {
        expect(result).toMatchObject({ status: 'rejected', reason: { message: 'unplugged' } });
      }
      fail = false;
      expect(await outputOf(await backend.compile(layerGraph(), store), 1, 1, 1)).toEqual([7, 14]);
    });

    test('an aborted compilation rejects with the reason', async () => {
      const controller = new AbortController();
      const compiled = backend.compile(layerGraph(), weights, { signal: controller.signal });
      controller.abort(new Error('changed my mind'));
      await expect(compiled).rejects.toThrow('changed my mind');
    });

    test('weights of more than 64 MB are handed over one by one', async () => {
      const large = new MemoryWeights(
        {
          table: { shape: [4400, 4096], dtype: 'f32', values: [1, 0, -1, 2] },
          'layer.weight': { shape: [4, 4096], dtype: 'f16', values: [0.5, 0.25] },
        },
        'large',
      );
      const graph = trace('large', { x: { shape: [1, 4400] } }, large.tensors, ({ x }, w) => ({
        y: linear(matmul(x, w.tensor('table')), w.at('layer')),
      }));
      const x = { shape: [1, 4400], data: new Float32Array(4400).fill(1 / 64) };
      const program = await backend.compile(graph, large);
      const { y } = await program.run({ x });
      program.dispose();
      // Column sums are 4400 / 64 times 1, 0, -1, 2; weighted, each four columns give 0.5 of it.
      expect([...(await y!.read()).data]).toEqual(new Array(4).fill(1024 * (4400 / 64) * 0.5));
    });
  });

  describe('values', () => {
    test('results go into the next program, of whichever type they are', async () => {
      const sum = trace(
        'sum',
        { a: { shape: [2, 2], dtype: 'i32' }, b: { shape: [2, 2] } },
        new Map(),
        ({ a, b }) => ({ c: add(a, cast(b, 'i32')), d: mul(cast(a, 'f32'), b) }),
      );
      const program = await backend.compile(sum, weights);
      const first = await program.run({
        a: { shape: [2, 2], data: Int32Array.of(1, 2, 3, 4) },
        b: { shape: [2, 2], data: Float32Array.of(0.5, -1.5, 2.5, 8) },
      });
      expect(first['c']).toMatchObject({ shape: [2, 2], dtype: 'i32', bytes: 16 });
      expect(first['d']).toMatchObject({ shape: [2, 2], dtype: 'f32', bytes: 16 });
      const second = await program.run({ a: first['c']!, b: first['d']! });
      expect([...(await second['c']!.read()).data]).toEqual([1, -2, 12, 44]);
      expect([...(await second['d']!.read()).data]).toEqual([0.5, -3, 37.5, 384]);
    });

    test('neither later runs nor readers change a result', async () => {
      const program = await backend.compile(layerGraph(), weights);
      const { y } = await program.run({ x: row(1, 1, 1) });
      const read = await y!.read();
      await outputOf(program, 5, 5, 5);
      program.dispose();
      read.data.fill(99);
      expect([...(await y!.read()).data]).toEqual([7, 14]);
    });

    test('using one that was disposed of throws', async () => {
      const program = await backend.compile(layerGraph(), weights);
      const { y } = await program.run({ x: row(1, 1, 1) });
      y!.dispose();
      y!.dispose();
      await expect(y!.read()).rejects.toMatchObject({ name: 'OnnxError', code: 'disposed' });
    });

    test('one of another backend is refused, with the way out', async () => {
      const other = await createOnnxBackend({ runtime });
      const identity = trace('relu', { x: { shape: [1, 3] } }, new Map(), ({ x }) => ({
        x2: relu(x),
      }));
      const { x2 } = await (await other.compile(identity, weights)).run({ x: row(1, 2, 3) });
      const program = await backend.compile(layerGraph(), weights);
      await expect(program.run({ x: x2! })).rejects.toThrow(/another backend.*read\(\)/);
      expect([...(await (await program.run({ x: await x2!.read() }))['y']!.read()).data]).toEqual([
        15, 31,
      ]);
      other.dispose();
      await expect(x2!.read()).rejects.toMatchObject({ code: 'disposed' });
    });
  });

  describe('runs', () => {
    test('started together they do not mix', async () => {
      const program = await backend.compile(layerGraph(), weights);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => outputOf(program, index, 0, 0)),
      );
      expect(results).toEqual(results.map((_, index) => [index + 1, 4 * index - 1]));
    });

    test.each([
      [{}, 'input "x" is missing, wanted f32 [1, 3]'],
      [{ x: row(1, 2) }, 'input "x" has shape [1, 2], wanted f32 [1, 3]'],
      [{ x: { shape: [1, 3], data: Int32Array.of(1, 2, 3) } }, 'is i32, wanted f32 [1, 3]; pass a'],
      [{ x: { shape: [1, 3], data: Float32Array.of(1) } }, 'has 1 elements, wanted 3 for [1, 3]'],
      [{ x: { shape: [1, 3], data: [1, 2, 3] as never } }, 'is a Array, wanted a Float32Array'],
      [{ x: row(1, 2, 3), z: row(1) }, 'there is no input "z"; inputs are: x'],
    ])('an input that does not fit is refused: %#', async (inputs, message) => {
      const program = await backend.compile(layerGraph(), weights);
      await expect(program.run(inputs)).rejects.toMatchObject({
        name: 'OnnxError',
        code: 'input',
        message: expect.stringContaining(message),
      });
      expect(await outputOf(program, 1, 1, 1)).toEqual([7, 14]); // and it runs on
    });

    test('an abort rejects with its reason, before and while waiting', async () => {
      const program = await backend.compile(layerGraph(), weights);
      const aborted = AbortSignal.abort(new Error('too late'));
      await expect(program.run({ x: row(1, 1, 1) }, { signal: aborted })).rejects.toThrow(
        'too late',
      );
      const controller = new AbortController();
      const first = outputOf(program, 1, 1, 1);
      const waiting = program.run({ x: row(2, 2, 2) }, { signal: controller.signal });
      controller.abort(new Error('no longer needed'));
      await expect(waiting).rejects.toThrow('no longer needed');
      expect(await first).toEqual([7, 14]);
    });

    test('a disposed program finishes what it has begun, and then refuses', async () => {
      const program = await backend.compile(layerGraph(), weights);
      const begun = outputOf(program, 1, 1, 1);
      await Promise.resolve();
      await Promise.resolve(); // the first task of the queue starts
      program.dispose();
      expect(await begun).toEqual([7, 14]);
      await expect(program.run({ x: row(1, 1, 1) })).rejects.toMatchObject({
        code: 'disposed',
        message: expect.stringContaining('compile the graph again'),
      });
    });

    test('a disposed backend refuses everything', async () => {
      const program = await backend.compile(layerGraph(), weights);
      backend.dispose();
      backend.dispose();
      await expect(backend.compile(layerGraph(), weights)).rejects.toMatchObject({
        code: 'disposed',
      });
      await expect(program.run({ x: row(1, 1, 1) })).rejects.toMatchObject({ code: 'disposed' });
    });
  });

  test('a graph of several outputs, some of them inputs', async () => {
    const graph = trace('several', { x: { shape: [1, 3] } }, new Map(), ({ x }) => ({
      x,
      twice: mul(x, 2),
      sum: reduceSum(x, [0, 1]),
    }));
    const program = await backend.compile(graph, weights);
    const inputs = { x: row(1, -2, 4) };
    const results = await program.run(inputs);
    for (const [name, { shape, data }] of Object.entries(interpret(graph, inputs))) {
      const got = await results[name]!.read();
      expect(got.shape).toEqual(shape);
      expect([...got.data]).toEqual([...data]);
    }
  });
});
