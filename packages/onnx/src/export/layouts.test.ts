import {
  add,
  averagePool2d,
  clamp,
  concat,
  conv2d,
  convTranspose2d,
  elementCount,
  expand,
  type Graph,
  greater,
  interpret,
  layerNorm,
  matmul,
  maximum,
  maxPool2d,
  mul,
  neg,
  pad,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  resize,
  slice,
  softmax,
  sub,
  tanh,
  type Tensor,
  trace,
  transpose,
  where,
  type Weights,
} from '@samgpu/graph';
import { expectClose, seededValues } from '@samgpu/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryWeights } from '../fixtures/memory-weights.ts';
import { createOnnxBackend, type OnnxBackend } from '../index.ts';
import { translateGraph } from './plan-graph.ts';

const NO_WEIGHTS = new MemoryWeights({});

describe('transposes', () => {
  test('a residual block has none but at its ends', () => {
    const graph = trace('block', { x: { shape: [1, 6, 5, 4] } }, new Map(), ({ x }, w) => {
      const layer = { weight: constant(w, [4, 4, 3, 3], 1), bias: constant(w, [4], 2) };
      const y = relu(conv2d(x, layer, { padding: 1 }));
      const z = relu(add(y, conv2d(y, layer, { padding: 1 })));
      return { z: mul(conv2d(z, layer, { padding: 1 }), constant(w, [4], 3)) };
    });
    expect(transposes(graph)).toBe(2);
  });

  test('patches, 1x1 convolutions and norms need no change of layout', () => {
    const graph = trace('patches', { x: { shape: [1, 8, 8, 3] } }, new Map(), ({ x }, w) => {
      const tokens = conv2d(x, { weight: constant(w, [6, 3, 4, 4], 1) }, { stride: 4 });
      const normed = layerNorm(tokens, { weight: constant(w, [6], 2), bias: constant(w, [6], 3) });
      return { y: conv2d(normed, { weight: constant(w, [5, 6, 1, 1], 4) }) };
    });
    // One cuts the patches out, one turns the weight, which runtimes do once.
    expect(transposes(graph)).toBe(2);
  });

  test('what a model transposes itself is taken from the form that is there', () => {
    const graph = trace('first', { x: { shape: [1, 8, 8, 3] } }, new Map(), ({ x }, w) => ({
      y: transpose(conv2d(x, { weight: constant(w, [5, 3, 3, 3], 1) }), [0, 3, 1, 2]),
    }));
    expect(transposes(graph)).toBe(1);
  });
});

describe('mixed layouts', () => {
  let backend: OnnxBackend;
  beforeAll(async () => {
    backend = await createOnnxBackend({ runtime: 'node' });
  });
  afterAll(() => backend.dispose());

  // Random sequences of operations that keep, ask for or follow a layout. Their results are right
  // only where every axis and every broadcast was translated.
  test('random chains equal the interpreter', async () => {
    const step = fc.record({ kind: fc.nat(), operand: fc.nat(), seed: fc.nat(2 ** 31) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
        const graph = chain(steps);
        const inputs = {
          x: { shape: [2, 5, 4, 3], data: seededValues(2 * 5 * 4 * 3, 7) },
          y: { shape: [2, 5, 4, 3], data: seededValues(2 * 5 * 4 * 3, 8) },
        };
        const expected = interpret(graph, inputs);
        const program = await backend.compile(graph, NO_WEIGHTS);
        const results = await program.run(inputs);
        program.dispose();
        for (const [name, { data, shape }] of Object.entries(expected)) {
          const got = await results[name]!.read();
          expect(got.shape).toEqual(shape);
          // f32 through ten operations stays far below; a wrong layout is as large as the values.
          const size = data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
          expectClose(got.data, data, { what: name, limit: 1e-4 * size });
        }
      }),
      { numRuns: 300, seed: 20_26 },
    );
  });
});

interface Step {
  readonly kind: number;
  readonly operand: number;
  readonly seed: number;
}

function chain(steps: readonly Step[]): Graph {
  const image = { shape: [2, 5, 4, 3] };
  return trace('chain', { x: image, y: image }, new Map(), ({ x, y }, w) => {
    const made = [x, y];
    for (const { kind, operand, seed } of steps) {
      const input = made.at(-1 - (operand % 3)) ?? x;
      const other = made.findLast(({ shape }) => String(shape) === String(input.shape)) ?? input;
      made.push(STEPS[kind % STEPS.length]!(input, w, seed, other));
    }
    return { last: made.at(-1)!, before: made.at(-2)! };
  });
}

type Image = readonly [number, number, number, number];
type MakeStep = (x: Tensor, w: Weights, seed: number, other: Tensor) => Tensor;

const STEPS: readonly MakeStep[] = [
  (x) => relu(x),
  (x) => tanh(x),
  (x) => clamp(x, -0.5, 0.75),
  (x, w, seed) => conv2d(x, layer(w, x, 4, 3, seed), { padding: 1 }),
  (x, w, seed) => conv2d(x, layer(w, x, 3, 1, seed)),
  (x, w, seed) => {
    const channels = (x.shape as Image)[3];
    const weight = constant(w, [channels, 1, 3, 3], seed);
    return conv2d(x, { weight }, { padding: 1, groups: channels });
  },
  (x, w, seed) => transposed(x, w, 2, seed),
  (x, w, seed) => transposed(x, w, 3, seed),
  (x, _, __, other) => add(x, other),
  (x, _, __, other) => where(greater(x, other), x, neg(other)),
  (x, w, seed) => mul(x, constant(w, [(x.shape as Image)[3]], seed)),
  (x, w, seed) => {
    const [, height, width] = x.shape as Image;
    return sub(x, constant(w, [1, height, width, 1], seed));
  },
  (x, w, seed) => {
    const [, , width, channels] = x.shape as Image;
    return maximum(constant(w, [width, channels], seed), x);
  },
  (x, w, seed) => add(x, constant(w, [(x.shape as Image)[1], 1, 1], seed)),
  (x, _, seed, other) => concat([x, other], seed % 4),
  (x, _, seed) => {
    const axis = 1 + (seed % 3);
    return (x.shape[axis] ?? 0) > 1 ? slice(x, axis, 1) : x;
  },
  (x) => pad(x, [0, 1, 0, 2], [0, 0, 2, 1], 0.25),
  (x) => maxPool2d(x, 3, { stride: 1, padding: 1 }),
  (x) => averagePool2d(x, 3, { stride: 2, padding: 1 }),
  (x) => resize(x, [4, 6], 'nearest'),
  (x) => resize(x, [3, 7], 'bilinear'),
  (x) => resize(x, [6, 3], 'bicubic'),
  (x, w, seed) => {
    const width = (x.shape as Image)[3];
    return layerNorm(x, { weight: constant(w, [width], seed), bias: constant(w, [width], seed) });
  },
  (x) => softmax(x),
  (x, _, seed) => add(x, reduceMax(x, 1 + (seed % 3), { keepAxes: true })),
  (x) => mul(x, reshape(reduceMean(x, [1, 2]), [x.shape[0]!, 1, 1, x.shape[3]!])),
  (x) => reshape(reduceSum(x, 2), [x.shape[0]!, x.shape[1]!, 1, x.shape[3]!]),
  (x) => sub(x, reshape(reduceMean(x, 3), [x.shape[0]!, x.shape[1]!, x.shape[2]!, 1])),
  (x, _, seed) => transpose(x, PERMUTATIONS[seed % PERMUTATIONS.length]!),
  (x) => {
    const [batch, height, width, channels] = x.shape as Image;
    const tokens = reshape(x, [batch, height * width, channels]);
    const mixed = matmul(tokens, tokens, { transposeB: true }); // [batch, tokens, tokens]
    return mul(reshape(matmul(mixed, tokens), x.shape), 1 / (height * width * channels));
  },
  (x) => {
    const [batch, height, width, channels] = x.shape as Image;
    const first = slice(slice(x, 1, 0, 1), 2, 0, 1);
    return add(x, expand(first, [batch, height, width, channels]));
  },
];

const PERMUTATIONS = [
  [0, 3, 1, 2],
  [0, 2, 3, 1],
  [0, 2, 1, 3],
  [0, 1, 3, 2],
];

function layer(
  w: Weights,
  x: Tensor,
  out: number,
  size: number,
  seed: number,
): { weight: Tensor; bias: Tensor } {
  return {
    weight: constant(w, [out, (x.shape as Image)[3], size, size], seed),
    bias: constant(w, [out], seed + 1),
  };
}

function transposed(x: Tensor, w: Weights, size: number, seed: number): Tensor {
  const weight = constant(w, [(x.shape as Image)[3], 3, size, size], seed);
  const grown = convTranspose2d(x, { weight, bias: constant(w, [3], seed) }, { stride: 2 });
  return slice(slice(grown, 1, 0, 5), 2, 0, Math.min(4, grown.shape[2]!)); // so that chains stay small
}

/** Values within ±0.5, so that chains do not grow. */
function constant(w: Weights, shape: readonly number[], seed: number): Tensor {
  return w.constant(
    seededValues(elementCount(shape), seed).map((value) => value / 2),
    shape,
  );
}

function transposes(graph: Graph): number {
  const { content } = translateGraph(graph, NO_WEIGHTS, {});
  return content.nodes.filter(({ operator }) => operator === 'Transpose').length;
}
