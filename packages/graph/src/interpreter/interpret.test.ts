import { describe, expect, test } from 'vitest';

import { GraphError } from '../graph-error.ts';
import { add, cast, exp, mul, relu, where } from '../ops/elementwise.ts';
import { gather, reshape } from '../ops/layout.ts';
import { linear } from '../ops/matmul.ts';
import { trace } from '../trace.ts';
import { interpret } from './interpret.ts';

const layer = trace(
  'layer',
  { x: { shape: [2, 3] } },
  new Map([
    ['fc.weight', { shape: [1, 3], dtype: 'f32' as const }],
    ['fc.bias', { shape: [1], dtype: 'f32' as const }],
  ]),
  ({ x }, w) => ({ y: linear(x, w.at('fc')) }),
);
const x = { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) };

describe('interpret', () => {
  test('takes weights by path', () => {
    const values: Readonly<Record<string, number[]>> = {
      'fc.weight': [1, 10, 100],
      'fc.bias': [0.5],
    };
    const { y } = interpret(layer, { x }, (path) => values[path]!);
    expect(y).toEqual({ shape: [2, 1], data: Float64Array.from([321.5, 654.5]) });
  });

  test('computes in float64', () => {
    const graph = trace('f64', { x: { shape: [] } }, new Map(), ({ x }) => ({ y: add(x, 1) }));
    const { y } = interpret(graph, { x: { shape: [], data: Float64Array.of(1e-12) } });
    expect(y!.data[0]).toBe(1 + 1e-12); // 1 in float32
  });

  test('gives outputs that are inputs, and one that later nodes read too', () => {
    const graph = trace('outputs', { x: { shape: [2] } }, new Map(), ({ x }) => {
      const doubled = mul(x, 2);
      return { x, doubled, sum: add(doubled, doubled) };
    });
    const outputs = interpret(graph, { x: { shape: [2], data: Float32Array.of(1, -3) } });
    expect(Object.fromEntries(Object.entries(outputs).map(([k, v]) => [k, [...v.data]]))).toEqual({
      x: [1, -3],
      doubled: [2, -6],
      sum: [4, -12],
    });
  });

  test('does not write to its inputs', () => {
    const graph = trace('pure', { x: { shape: [4] } }, new Map(), ({ x }) => ({
      y: relu(reshape(x, [2, 2])),
    }));
    const data = Float64Array.of(-1, 2, -3, 4);
    interpret(graph, { x: { shape: [4], data } });
    expect([...data]).toEqual([-1, 2, -3, 4]);
  });

  test('what where does not choose may be infinite', () => {
    const graph = trace('where', { x: { shape: [2] } }, new Map(), ({ x }) => ({
      y: where(x, 1, exp(mul(x, Number.POSITIVE_INFINITY))),
    }));
    const { y } = interpret(graph, { x: { shape: [2], data: Float32Array.of(5, -5) } });
    expect([...y!.data]).toEqual([1, 1]);
  });

  test('clamps indices and truncates casts', () => {
    const graph = trace(
      'gather',
      { table: { shape: [3, 1] }, at: { shape: [4] } },
      new Map(),
      ({ table, at }) => ({ rows: gather(table, cast(at, 'i32')) }),
    );
    const { rows } = interpret(graph, {
      table: { shape: [3, 1], data: Float32Array.of(10, 20, 30) },
      at: { shape: [4], data: Float32Array.of(-4, 1.9, -0.9, 99) },
    });
    expect([...rows!.data]).toEqual([10, 20, 10, 30]);
  });
});

describe('interpret refuses', () => {
  const integers = trace('i32', { at: { shape: [2], dtype: 'i32' } }, new Map(), ({ at }) => ({
    at,
  }));

  test.each<readonly [what: string, run: () => unknown, message: string]>([
    ['a missing input', () => interpret(layer, {}), 'input "x" is missing, wanted f32 [2, 3]'],
    [
      'an input of another shape',
      () => interpret(layer, { x: { ...x, shape: [3, 2] } }),
      'input "x" has shape [3, 2], wanted [2, 3]',
    ],
    [
      'an input with too few elements',
      () => interpret(layer, { x: { ...x, data: x.data.subarray(1) } }),
      '"x" has 5 elements, wanted 6 for [2, 3]',
    ],
    [
      'fractions for an i32 input',
      () => interpret(integers, { at: { shape: [2], data: Float32Array.of(1, 0.5) } }),
      'input "at" holds 0.5, wanted i32',
    ],
    [
      'a graph with weights but no weights',
      () => interpret(layer, { x }),
      'weight "fc.weight" is needed, but no weights were given',
    ],
    [
      'a weight with other elements',
      () => interpret(layer, { x }, () => [1, 2]),
      '"fc.weight" has 2 elements, wanted 3 for [1, 3]',
    ],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(new GraphError('interpret', message));
  });

  test('a graph that is not in running order', () => {
    const backwards = { ...layer, nodes: [...layer.nodes].reverse() };
    expect(() => interpret(backwards, { x }, () => [1, 2, 3])).toThrow(RangeError);
  });
});
