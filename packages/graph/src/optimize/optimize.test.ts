import { seededValues } from '@samgpu/testing';
import { describe, expect, test } from 'vitest';

import {
  absorbProjections,
  add,
  attention,
  concat,
  elementCount,
  expand,
  gelu,
  type Graph,
  interpret,
  layerNorm,
  linear,
  matmul,
  mul,
  nodeAt,
  optimize,
  reshape,
  shareBatch,
  slice,
  softmax,
  type Tensor,
  type TensorSpec,
  trace,
  transpose,
  type Weights,
  where,
} from '../index.ts';

const HEADS = 4;
const WIDTH = 16; // of tokens and cells
const INNER = 8; // of all heads together

function manifestOf(shapes: Readonly<Record<string, readonly number[]>>) {
  return new Map(
    Object.entries(shapes).map(([path, shape]) => [path, { shape, dtype: 'f32' as const }]),
  );
}

const manifest = manifestOf({
  ...Object.fromEntries(
    ['q', 'k', 'v'].flatMap((name) => [
      [`${name}.weight`, [INNER, WIDTH]],
      [`${name}.bias`, [INNER]],
    ]),
  ),
  'out.weight': [WIDTH, INNER],
  'out.bias': [WIDTH],
  'bare.weight': [INNER, WIDTH],
  'norm.weight': [WIDTH],
  'norm.bias': [WIDTH],
});

function valuesOf(path: string): Float32Array {
  const shape = manifest.get(path)!.shape;
  return seededValues(elementCount(shape), path.length * 31 + path.charCodeAt(0));
}

function build(
  inputs: Readonly<Record<string, readonly number[]>>,
  body: (inputs: Readonly<Record<string, Tensor>>, w: Weights) => Tensor,
): Graph {
  const specs: Record<string, TensorSpec> = Object.fromEntries(
    Object.entries(inputs).map(([name, shape]) => [name, { shape }]),
  );
  return trace('graph', specs, manifest, (tensors, w) => ({ y: body(tensors, w) }));
}

/** Both graphs compute the same, in float64: sums are only taken in another order. */
function expectSame(original: Graph, changed: Graph): void {
  const inputs = Object.fromEntries(
    [...original.inputs].map(([name, id], index) => {
      const { shape } = nodeAt(original.nodes, id);
      return [name, { shape, data: seededValues(elementCount(shape), index + 7) }];
    }),
  );
  const before = interpret(original, inputs, valuesOf)['y']!;
  const after = interpret(changed, inputs, valuesOf)['y']!;
  expect(after.shape).toEqual(before.shape);
  const largest = before.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  before.data.forEach((value, index) =>
    expect(Math.abs(after.data[index]! - value)).toBeLessThan(1e-12 * largest),
  );
}

function operationsOf({ nodes }: Graph): string[] {
  return nodes.map(({ operation }) => operation);
}

/** Elements that operations of one kind give, in all. */
function elementsOf({ nodes }: Graph, wanted: string): number {
  return nodes
    .filter(({ operation }) => operation === wanted)
    .reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

function crossAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  w: Weights,
  keyBias?: Tensor,
): Tensor {
  const mixed = attention(
    linear(query, w.at('q')),
    linear(key, w.at('k')),
    linear(value, w.at('v')),
    keyBias === undefined ? { heads: HEADS } : { heads: HEADS, keyBias },
  );
  return linear(mixed, w.at('out'));
}

describe('absorbProjections', () => {
  const toImage = build(
    { tokens: [3, 1, WIDTH], image: [3, 200, WIDTH], code: [1, 200, WIDTH] },
    ({ tokens, image, code }, w) => crossAttention(tokens!, add(image!, code!), image!, w),
  );
  const toTokens = build(
    { tokens: [3, 1, WIDTH], image: [3, 200, WIDTH], bias: [3, 1] },
    ({ tokens, image, bias }, w) => crossAttention(image!, tokens!, tokens!, w, bias),
  );

  test('leaves no projection of many keys', () => {
    const absorbed = absorbProjections(toImage);
    expect(operationsOf(absorbed)).not.toContain('attention');
    expect(elementsOf(absorbed, 'linear')).toBeLessThan(elementsOf(toImage, 'linear') / 10);
    expectSame(toImage, absorbed);
  });

  test('leaves no projection of many queries, nor of their results', () => {
    const absorbed = absorbProjections(toTokens);
    expect(operationsOf(absorbed)).not.toContain('attention');
    expect(elementsOf(absorbed, 'linear')).toBeLessThan(elementsOf(toTokens, 'linear') / 10);
    expectSame(toTokens, absorbed);
  });

  test.each([
    ['a bias of keys, one for all', [1, 200]],
    ['a bias of keys for each', [3, 200]],
  ])('keeps %s', (_, shape) => {
    const graph = build(
      { tokens: [3, 1, WIDTH], image: [3, 200, WIDTH], bias: shape },
      ({ tokens, image, bias }, w) => crossAttention(tokens!, image!, image!, w, bias),
    );
    const absorbed = absorbProjections(graph);
    expect(operationsOf(absorbed)).not.toContain('attention');
    expectSame(graph, absorbed);
  });

  test('does without biases', () => {
    const bare = (x: Tensor, w: Weights): Tensor => linear(x, w.at('bare'));
    const graph = build(
      { tokens: [2, 1, WIDTH], image: [2, 100, WIDTH] },
      ({ tokens, image }, w) => {
        const seen = attention(bare(tokens!, w), bare(image!, w), bare(image!, w), {
          heads: HEADS,
          scale: 0.3,
        });
        const back = attention(bare(image!, w), seen, seen, { heads: HEADS });
        return linear(back, { weight: w.tensor('out.weight') });
      },
    );
    const absorbed = absorbProjections(graph);
    expect(operationsOf(absorbed)).not.toContain('attention');
    expectSame(graph, absorbed);
  });

  test('projects queries once that are the same for the whole batch', () => {
    const graph = shareBatch(
      build({ tokens: [16, 1, WIDTH], image: [1, 50, WIDTH] }, ({ tokens, image }, w) =>
        crossAttention(expand(image!, [16, 50, WIDTH]), tokens!, tokens!, w),
      ),
    );
    const absorbed = absorbProjections(graph);
    expect(operationsOf(absorbed)).not.toContain('attention');
    const projections = absorbed.nodes.filter(({ operation }) => operation === 'linear');
    expect(projections.map(({ shape }) => shape)).toContainEqual([1, 50, INNER]);
    expectSame(graph, absorbed);
  });

  test.each([
    ['as many tokens as cells', { a: [2, 20, WIDTH], b: [2, 20, WIDTH] }],
    ['keys that the whole batch shares', { a: [8, 1, WIDTH], b: [1, 30, WIDTH] }],
  ])('leaves %s alone', (_, inputs) => {
    const graph = build(inputs, ({ a, b }, w) => crossAttention(a!, b!, b!, w));
    expect(operationsOf(absorbProjections(graph))).toEqual(operationsOf(graph));
  });

  test('leaves projections alone that something else needs', () => {
    const graph = build(
      { tokens: [2, 1, WIDTH], image: [2, 100, WIDTH] },
      ({ tokens, image }, w) => {
        const key = linear(image!, w.at('k'));
        const mixed = attention(linear(tokens!, w.at('q')), key, key, { heads: HEADS });
        return linear(mixed, w.at('out'));
      },
    );
    expect(absorbProjections(graph)).toEqual(graph);
  });
});

describe('shareBatch', () => {
  const batch = 5;
  const inputs = { x: [1, 6, WIDTH], own: [batch, 6, WIDTH], key: [batch, 3, INNER] };
  const forAll = (x: Tensor): Tensor => expand(x, [batch, ...x.shape.slice(1)]);

  test.each<[string, (inputs: Readonly<Record<string, Tensor>>, w: Weights) => Tensor]>([
    ['a layer', ({ x, own }, w) => add(linear(forAll(x!), w.at('q')), linear(own!, w.at('k')))],
    [
      'a chain',
      ({ x, own }, w) => add(gelu(layerNorm(mul(forAll(x!), 2), w.at('norm'))), softmax(own!)),
    ],
    ['a product', ({ x, own }) => matmul(forAll(x!), own!, { transposeB: true })],
    ['a choice', ({ x, own }) => where(own!, forAll(x!), mul(forAll(x!), 3))],
    [
      'layout',
      ({ x, own }) =>
        add(
          reshape(transpose(slice(forAll(x!), 2, 0, 6), [0, 2, 1]), [batch, 36, 1]),
          reshape(slice(own!, 2, 0, 6), [batch, 36, 1]),
        ),
    ],
    [
      'keys',
      ({ x, own }, w) => {
        const image = forAll(x!);
        return attention(
          linear(own!, w.at('q')),
          linear(image, w.at('k')),
          linear(image, w.at('v')),
          {
            heads: HEADS,
          },
        );
      },
    ],
    [
      'queries',
      ({ x, key }, w) => attention(linear(forAll(x!), w.at('q')), key!, key!, { heads: HEADS }),
    ],
    ['what leaves the graph', ({ x }, w) => linear(forAll(x!), w.at('q'))],
    ['what cannot be shared', ({ x, own }) => concat([forAll(x!), own!], 0)],
    // The first axis of the lower operand is not the batch.
    [
      'operands of fewer axes',
      ({ x, own }) =>
        add(
          reshape(slice(own!, 1, 0, 1), [batch, 1, WIDTH]),
          reshape(slice(slice(forAll(x!), 1, 0, 1), 2, 0, 1), [batch, 1]),
        ),
    ],
  ])('%s', (_, body) => {
    const graph = build(inputs, body);
    expectSame(graph, shareBatch(graph));
    expectSame(graph, optimize(graph));
  });

  test('computes what is the same for all once', () => {
    const graph = build(inputs, ({ x, own }, w) =>
      add(linear(forAll(x!), w.at('q')), linear(own!, w.at('k'))),
    );
    const shared = shareBatch(graph);
    expect(operationsOf(shared)).not.toContain('expand');
    expect(elementsOf(shared, 'linear')).toBe((1 + batch) * 6 * INNER);
  });

  test('leaves other expansions alone', () => {
    const graph = build({ x: [4, 1], y: [3, 4, 5] }, ({ x, y }) => add(expand(x!, [4, 5]), y!));
    expect(shareBatch(graph)).toEqual(graph);
  });
});
