import {
  abs,
  add,
  bfloat16,
  cast,
  ceil,
  clamp,
  cos,
  div,
  equal,
  exp,
  floor,
  formatShape,
  gelu,
  geluTanh,
  greater,
  greaterOrEqual,
  hardSigmoid,
  hardSwish,
  less,
  lessOrEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  reciprocal,
  relu,
  round,
  sigmoid,
  silu,
  sin,
  softplus,
  sqrt,
  sub,
  tanh,
  type Tensor,
  where,
} from '@samgpu/graph';

import type { OperandSpec, OperationCase } from './operation-case.ts';

const x = (inputs: Readonly<Record<string, Tensor>>): Tensor => inputs['x']!;

function unaryCase(
  name: string,
  build: (x: Tensor) => Tensor,
  range: Partial<OperandSpec> = { from: -4, to: 4 },
  tolerance?: number,
): OperationCase {
  return {
    name,
    inputs: { x: { shape: [3, 37], ...range } },
    build: (inputs) => build(x(inputs)),
    ...(tolerance === undefined ? {} : { tolerance }),
  };
}

const HALVES: Partial<OperandSpec> = { values: [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, -0.4, 0.6, 7] };

const UNARY_CASES: readonly OperationCase[] = [
  unaryCase('abs', abs),
  // Exactly half way between two neighbours, to the even one either way, and anywhere.
  unaryCase(
    'bfloat16',
    bfloat16,
    { values: [1.00390625, 1.01171875, -1.00390625, 0, 2.1415926, -6e-5, 12345.678, -0.7] },
    0,
  ),
  unaryCase('ceil', ceil, HALVES),
  unaryCase('cos', cos, { from: -30, to: 30 }, 1e-5), // argument reduction in f32
  unaryCase('exp', exp, { from: -8, to: 4 }, 4e-6),
  unaryCase('floor', floor, HALVES),
  unaryCase('gelu', gelu),
  unaryCase('gelu far out', gelu, { values: [-40, -9, -6, 6, 9, 40] }),
  unaryCase('geluTanh', geluTanh, undefined, 4e-6),
  unaryCase('hardSigmoid', hardSigmoid),
  unaryCase('hardSwish', hardSwish),
  unaryCase('log', log, { from: 0.01, to: 9 }, 4e-6),
  unaryCase('neg', neg),
  unaryCase('reciprocal', reciprocal, { from: 0.3, to: 4 }),
  unaryCase('relu', relu),
  unaryCase('round to even', round, HALVES),
  unaryCase('sigmoid', sigmoid, { from: -9, to: 9 }),
  unaryCase('sigmoid far out', sigmoid, { values: [-200, -88, 88, 200] }),
  unaryCase('silu', silu),
  unaryCase('sin', sin, { from: -30, to: 30 }, 1e-5), // argument reduction in f32
  unaryCase('softplus', softplus),
  unaryCase('softplus far out', softplus, { values: [-200, -30, 30, 200] }),
  unaryCase('sqrt', sqrt, { from: 0, to: 9 }),
  unaryCase('tanh', tanh),
  unaryCase('tanh far out', tanh, { values: [-200, -20, 20, 200] }),
  unaryCase('clamp', (value) => clamp(value, -0.5, 2)),
  unaryCase('cast to i32 truncates', (value) => cast(value, 'i32'), HALVES),
];

type Operands = readonly [readonly number[], readonly number[]];

const BROADCASTS: readonly Operands[] = [
  [
    [2, 3, 5],
    [2, 3, 5],
  ],
  [[2, 3, 5], [5]],
  [
    [2, 1, 5],
    [3, 1],
  ],
  [[], [4]],
  [
    [1, 4, 6, 8],
    [2, 1, 1, 8],
  ],
];

const BROADCAST_CASES: readonly OperationCase[] = BROADCASTS.map(([a, b]) => ({
  name: `add ${formatShape(a)} to ${formatShape(b)}`,
  inputs: { a: { shape: a }, b: { shape: b } },
  build: ({ a, b }) => add(a!, b!),
}));

function binaryCase(
  name: string,
  build: (a: Tensor, b: Tensor) => Tensor,
  spec: Partial<OperandSpec> = {},
  tolerance?: number,
): OperationCase {
  return {
    name,
    inputs: { a: { shape: [4, 9], ...spec }, b: { shape: [1, 9], ...spec } },
    build: ({ a, b }) => build(a!, b!),
    ...(tolerance === undefined ? {} : { tolerance }),
  };
}

const TIES: Partial<OperandSpec> = { values: [-1, 0, 1, 1, 0, 2, 0.5] };

const BINARY_CASES: readonly OperationCase[] = [
  binaryCase('sub', sub),
  binaryCase('mul', mul),
  binaryCase('div', div, { from: 0.3, to: 3 }),
  binaryCase('maximum', maximum),
  binaryCase('minimum', minimum),
  binaryCase('pow', pow, { from: 0.2, to: 3 }, 1e-5), // exp(b log a) in f32
  binaryCase('equal', equal, TIES),
  binaryCase('greater', greater, TIES),
  binaryCase('greaterOrEqual', greaterOrEqual, TIES),
  binaryCase('less', less, TIES),
  binaryCase('lessOrEqual', lessOrEqual, TIES),
  binaryCase('add i32', add, { integer: true, from: -50, to: 50 }),
  binaryCase('mul i32', mul, { integer: true, from: -50, to: 50 }),
  binaryCase('equal i32', equal, { integer: true, from: 0, to: 3 }),
  binaryCase('number beside a tensor', (a) => sub(1, mul(a, 0.25))),
  {
    name: 'where',
    inputs: {
      condition: { shape: [3, 1], values: [0, 1, -2] },
      a: { shape: [3, 5] },
      b: { shape: [5] },
    },
    build: ({ condition, a, b }) => where(condition!, a!, b!),
  },
  {
    name: 'where of i32 by a comparison',
    inputs: { labels: { shape: [2, 4], integer: true, from: -2, to: 4 } },
    build: ({ labels }) => where(greaterOrEqual(labels!, 0), labels!, 4),
  },
  {
    name: 'cast i32 to f32',
    inputs: { x: { shape: [7], integer: true, from: -100, to: 100 } },
    build: (inputs) => cast(x(inputs), 'f32'),
  },
];

export const elementwiseCases: readonly OperationCase[] = [
  ...UNARY_CASES,
  ...BROADCAST_CASES,
  ...BINARY_CASES,
];
