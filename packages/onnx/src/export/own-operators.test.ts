// Operators of ONNX Runtime's own, which onnxruntime-node gets for what is large, beside the definition.
import { attention, interpret, REMOVED_KEY, rotary, type Tensor, trace } from '@samgpu/graph';
import { expectClose, seededValues } from '@samgpu/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { MemoryWeights } from '../fixtures/memory-weights.ts';
import { createOnnxBackend, type OnnxBackend } from '../runtime/onnx-backend.ts';
import { exportOnnx } from './export-onnx.ts';
import { translateGraph } from './plan-graph.ts';

const NO_WEIGHTS = new MemoryWeights({});

interface Case {
  readonly name: string;
  readonly shapes: Readonly<Record<'q' | 'k' | 'v', readonly number[]>>;
  readonly heads: number;
  readonly bias?: readonly number[];
}

const cases: readonly Case[] = [
  {
    name: 'one head, narrow values',
    shapes: { q: [1, 70, 64], k: [1, 130, 64], v: [1, 130, 16] },
    heads: 1,
  },
  {
    name: 'a batch, a bias for each key of each',
    shapes: { q: [2, 300, 24], k: [2, 520, 24], v: [2, 520, 12] },
    heads: 2,
    bias: [2, 520],
  },
  {
    name: 'keys and biases that a batch shares',
    shapes: { q: [3, 90, 32], k: [1, 64, 32], v: [1, 64, 32] },
    heads: 4,
    bias: [1, 64],
  },
];

function graphOf({ shapes, heads, bias }: Case): ReturnType<typeof trace> {
  const [q, k, v] = [{ shape: shapes.q }, { shape: shapes.k }, { shape: shapes.v }];
  const specs = { q, k, v, ...(bias && { bias: { shape: bias } }) };
  return trace('attention', specs, new Map(), ({ q, k, v, bias }: Record<string, Tensor>) => ({
    y: attention(q!, k!, v!, bias === undefined ? { heads } : { heads, keyBias: bias }),
  }));
}

const operatorsOf = (graph: ReturnType<typeof trace>, ownOperators: boolean): string[] =>
  translateGraph(graph, NO_WEIGHTS, { ownOperators }).content.nodes.map((node) => node.operator);

describe('operators of the runtime', () => {
  let backend: OnnxBackend;
  beforeAll(async () => {
    backend = await createOnnxBackend({ runtime: 'node' });
  });
  afterAll(() => backend.dispose());

  test.each(cases)('attention: $name', async (one) => {
    const graph = graphOf(one);
    expect(operatorsOf(graph, true)).toContain('MultiHeadAttention');
    const inputs = Object.fromEntries(
      Object.entries(one.shapes).map(([name, shape], seed) => [
        name,
        { shape, data: seededValues(shape[0]! * shape[1]! * shape[2]!, seed + 1) },
      ]),
    );
    const values = { ...inputs };
    if (one.bias !== undefined) {
      const [rows, keys] = one.bias as [number, number];
      const data = Float32Array.from({ length: rows * keys }, (_, i) =>
        i % 7 === 2 ? REMOVED_KEY : i % 5 === 0 ? 0.5 : 0,
      );
      values['bias'] = { shape: one.bias, data };
    }
    const program = await backend.compile(graph, NO_WEIGHTS);
    const { y } = await program.run(values);
    const expected = interpret(graph, values, () => new Float32Array(0))['y']!;
    // Sums of 64 products, and of up to 520 shares, in f32.
    expectClose((await y!.read()).data, expected.data, { what: one.name, limit: 1e-5 });
    program.dispose();
  });

  test('rotary positions, with and without tokens that stay', async () => {
    for (const rotated of [12, 16]) {
      const specs = { x: { shape: [2, 16, 24] }, table: { shape: [4, 12] } };
      const graph = trace('rotary', specs, new Map(), ({ x, table }) => ({
        y: rotary(x, table, { heads: 2, rotated }),
      }));
      expect(operatorsOf(graph, true)).toContain('RotaryEmbedding');
      const values = {
        x: { shape: specs.x.shape, data: seededValues(2 * 16 * 24, 5) },
        table: { shape: specs.table.shape, data: seededValues(4 * 12, 6) },
      };
      const program = await backend.compile(graph, NO_WEIGHTS);
      const { y } = await program.run(values);
      const expected = interpret(graph, values, () => new Float32Array(0))['y']!;
      // Two products each.
      expectClose((await y!.read()).data, expected.data, { what: 'rotary', limit: 1e-6 });
      program.dispose();
    }
  });
});

test('models for others have standard operators only', async () => {
  const graph = graphOf(cases[1]!);
  expect(operatorsOf(graph, false)).not.toContain('MultiHeadAttention');
  const { bytes } = await exportOnnx(graph, NO_WEIGHTS);
  expect(Buffer.from(bytes).includes('com.microsoft')).toBe(false);
});
