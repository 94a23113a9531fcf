import { describe, expect, test } from 'vitest';

import { GraphError } from './graph-error.ts';
import { conv2d } from './ops/convolution.ts';
import { add, gelu, mul, relu } from './ops/elementwise.ts';
import { linear } from './ops/matmul.ts';
import { layerNorm } from './ops/normalization.ts';
import type { Tensor } from './tensor.ts';
import { nodeAt, trace } from './trace.ts';
import type { WeightManifest } from './weight-store.ts';

const manifest: WeightManifest = new Map([
  ['pos_embed', { shape: [4], dtype: 'f32' }],
  ['blocks.0.mlp.lin1.weight', { shape: [4, 4], dtype: 'f16' }],
  ['blocks.0.mlp.lin1.bias', { shape: [4], dtype: 'f16' }],
  ['blocks.0.norm.weight', { shape: [4], dtype: 'f32' }],
  ['neck.weight', { shape: [2, 3, 1, 1], dtype: 'bf16' }],
]);

describe('trace', () => {
  test('records what the body does, in order', () => {
    const graph = trace('tiny', { x: { shape: [2, 4] } }, manifest, ({ x }, w) => ({
      result: gelu(linear(x, w.at('blocks.0.mlp.lin1'))),
    }));
    expect(graph.name).toBe('tiny');
    expect(graph.nodes).toEqual([
      {
        id: 0,
        operation: 'input',
        inputs: [],
        attributes: { name: 'x' },
        shape: [2, 4],
        dtype: 'f32',
        label: '',
      },
      {
        id: 1,
        operation: 'weight',
        inputs: [],
        attributes: { path: 'blocks.0.mlp.lin1.weight', stored: 'f16' },
        shape: [4, 4],
        dtype: 'f32',
        label: '',
      },
      {
        id: 2,
        operation: 'weight',
        inputs: [],
        attributes: { path: 'blocks.0.mlp.lin1.bias', stored: 'f16' },
        shape: [4],
        dtype: 'f32',
        label: '',
      },
      {
        id: 3,
        operation: 'linear',
        inputs: [0, 1, 2],
        attributes: { bias: true },
        shape: [2, 4],
        dtype: 'f32',
        label: 'blocks.0.mlp.lin1',
      },
      {
        id: 4,
        operation: 'unary',
        inputs: [3],
        attributes: { kind: 'gelu' },
        shape: [2, 4],
        dtype: 'f32',
        label: 'blocks.0.mlp.lin1',
      },
    ]);
    expect([...graph.inputs]).toEqual([['x', 0]]);
    expect([...graph.outputs]).toEqual([['result', 4]]);
  });

  test('leaves out what no output needs and renumbers the rest', () => {
    const graph = trace(
      'pruned',
      { unused: { shape: [3] }, x: { shape: [4] } },
      manifest,
      ({ x }, w) => {
        const forgotten = mul(x, w.tensor('pos_embed'));
        const kept = add(x, 1);
        relu(forgotten);
        return { result: relu(kept) };
      },
    );
    expect(graph.nodes.map((node) => node.operation)).toEqual([
      'input',
      'input',
      'constant',
      'binary',
      'unary',
    ]);
    expect(graph.nodes.map((node) => node.id)).toEqual([0, 1, 2, 3, 4]);
    expect(graph.nodes.map((node) => node.inputs)).toEqual([[], [], [], [1, 2], [3]]);
    expect([...graph.inputs.keys()]).toEqual(['unused', 'x']);
    expect(graph.outputs.get('result')).toBe(4);
  });

  test('operands always come before the nodes that use them', () => {
    const graph = trace('order', { x: { shape: [1, 4] } }, manifest, ({ x }, w) => {
      let y = x;
      for (let depth = 0; depth < 20; depth++) {
        mul(y, 3); // pruned, so that every later node moves
        y = add(layerNorm(y, w.at('blocks.0.norm')), x);
      }
      return { y };
    });
    for (const node of graph.nodes) {
      expect(graph.nodes[node.id]).toBe(node);
      expect(node.inputs.every((input) => input < node.id)).toBe(true);
    }
  });

  test('takes an input, a weight, a constant, or one tensor twice as output', () => {
    const graph = trace('through', { x: { shape: [4] } }, manifest, ({ x }, w) => {
      const doubled = mul(x, 2);
      return {
        x,
        weight: w.tensor('pos_embed'),
        one: w.constant([1], []),
        doubled,
        again: doubled,
      };
    });
    const operationOf = (name: string): string =>
      nodeAt(graph.nodes, graph.outputs.get(name)!).operation;
    expect(graph.outputs.get('x')).toBe(graph.inputs.get('x'));
    expect(operationOf('weight')).toBe('weight');
    expect(operationOf('one')).toBe('constant');
    expect(graph.outputs.get('again')).toBe(graph.outputs.get('doubled'));
  });

  test('records a weight once, wherever it is used from', () => {
    const graph = trace('shared', { x: { shape: [2, 4] } }, manifest, ({ x }, w) => {
      const first = linear(x, w.at('blocks').at(0).at('mlp.lin1'));
      return { result: linear(first, w.at('blocks.0').at('mlp').at('lin1')) };
    });
    expect(graph.nodes.filter((node) => node.operation === 'weight')).toHaveLength(2);
  });

  test('labels a node with the place of its weights', () => {
    const graph = trace(
      'labels',
      { x: { shape: [1, 4] }, image: { shape: [1, 2, 2, 3] } },
      manifest,
      ({ x, image }, w) => ({
        norm: layerNorm(add(x, w.tensor('pos_embed')), w.at('blocks.0.norm')),
        neck: conv2d(image, w.at('neck')),
        shifted: add(x, w.at('blocks.0.mlp.lin1').tensor('bias')),
      }),
    );
    expect(graph.nodes.flatMap(({ label }) => label || [])).toEqual([
      'pos_embed',
      'blocks.0.norm',
      'neck',
      'blocks.0.mlp.lin1',
    ]);
  });

  test('does not share shapes with the caller', () => {
    const shape = [2, 3];
    const graph = trace('copy', { x: { shape } }, new Map(), ({ x }) => ({ x }));
    shape[0] = 99;
    expect(graph.nodes[0]!.shape).toEqual([2, 3]);
  });

  test.each([[[0]], [[2, -1]], [[1.5]], [[Number.NaN]]])('refuses inputs of shape %j', (shape) => {
    expect(() => trace('bad', { x: { shape } }, new Map(), ({ x }) => ({ x }))).toThrow(
      new GraphError(
        'input',
        `shape of "x" is [${shape.join(', ')}], wanted positive whole numbers`,
      ),
    );
  });

  test('refuses a body without outputs', () => {
    expect(() => trace('empty', { x: { shape: [1] } }, new Map(), () => ({}))).toThrow(
      new GraphError('trace', '"empty" has no output'),
    );
  });

  test('refuses an output of another trace', () => {
    let kept: Tensor | undefined;
    trace('first', { x: { shape: [1] } }, new Map(), ({ x }) => ({ kept: (kept = relu(x)) }));
    expect(() => trace('second', {}, new Map(), () => ({ result: kept! }))).toThrow(
      new GraphError('trace', 'output "result" of "second" comes from another trace'),
    );
  });

  test('refuses an operand of another trace', () => {
    let kept: Tensor | undefined;
    trace('first', { x: { shape: [4] } }, new Map(), ({ x }) => ({ kept: (kept = x) }));
    expect(() =>
      trace('second', {}, manifest, (_, w) => ({ result: add(w.tensor('pos_embed'), kept!) })),
    ).toThrow(/operands come from two different traces/);
  });
});

test('nodeAt names a position that does not exist', () => {
  expect(() => nodeAt([], 3)).toThrow(
    new RangeError('node 3 does not exist in a graph of 0 nodes'),
  );
});
