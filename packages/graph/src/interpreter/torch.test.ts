import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import * as graph from '../index.ts';
import type {
  BinaryKind,
  ComputedOperation,
  PerAxis,
  ReduceKind,
  ResizeMode,
  Tensor,
  UnaryKind,
} from '../index.ts';

interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly integer: boolean;
}

/** The settings of a case: each operation has some of them. */
interface Attributes {
  readonly stride?: PerAxis;
  readonly padding?: PerAxis;
  readonly dilation?: PerAxis;
  readonly groups: number;
  readonly transposeB: boolean;
  readonly epsilon: number;
  readonly heads: number;
  readonly min: number;
  readonly max: number;
  readonly shape: readonly number[];
  readonly permutation: readonly number[];
  readonly axis: number;
  readonly axes: readonly number[];
  readonly keepAxes: boolean;
  readonly start: number;
  readonly end?: number;
  readonly count: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
  readonly size: PerAxis;
  readonly mode: ResizeMode;
  readonly rotated: number;
}

interface TorchCase {
  readonly name: string;
  readonly operation: string;
  readonly operands: readonly StoredTensor[];
  readonly attributes: Attributes;
  readonly expected: StoredTensor;
}

type Build = (operands: readonly [Tensor, Tensor, Tensor, Tensor], with_: Attributes) => Tensor;

// Records, so that the compiler notices a kind that is missing here.
const UNARY: Readonly<Record<UnaryKind, true>> = {
  abs: true,
  bfloat16: true,
  ceil: true,
  cos: true,
  exp: true,
  floor: true,
  gelu: true,
  geluTanh: true,
  hardSigmoid: true,
  hardSwish: true,
  log: true,
  neg: true,
  reciprocal: true,
  relu: true,
  round: true,
  sigmoid: true,
  silu: true,
  sin: true,
  softplus: true,
  sqrt: true,
  tanh: true,
};

const BINARY = {
  add: 'add',
  sub: 'sub',
  mul: 'mul',
  div: 'div',
  max: 'maximum',
  min: 'minimum',
  pow: 'pow',
  equal: 'equal',
  greater: 'greater',
  greaterOrEqual: 'greaterOrEqual',
  less: 'less',
  lessOrEqual: 'lessOrEqual',
} as const satisfies Readonly<Record<BinaryKind, string>>;

const REDUCTIONS = {
  sum: 'reduceSum',
  mean: 'reduceMean',
  max: 'reduceMax',
  min: 'reduceMin',
} as const satisfies Readonly<Record<ReduceKind, string>>;

// Grid attention is compared with what it is made of, and with the official modules.
const EVERY_OPERATION: Readonly<Record<Exclude<ComputedOperation, 'gridAttention'>, true>> = {
  unary: true,
  binary: true,
  where: true,
  clamp: true,
  cast: true,
  matmul: true,
  linear: true,
  conv2d: true,
  convTranspose2d: true,
  layerNorm: true,
  softmax: true,
  attention: true,
  rotary: true,
  reshape: true,
  transpose: true,
  concat: true,
  slice: true,
  pad: true,
  expand: true,
  gather: true,
  reduce: true,
  resize: true,
  pool2d: true,
};

const BUILDERS: Readonly<Record<string, Build>> = {
  ...Object.fromEntries(
    (Object.keys(UNARY) as UnaryKind[]).map((name): [string, Build] => [
      name,
      ([x]) => graph[name](x),
    ]),
  ),
  ...Object.fromEntries(
    Object.values(BINARY).map((name): [string, Build] => [name, ([a, b]) => graph[name](a, b)]),
  ),
  ...Object.fromEntries(
    Object.values(REDUCTIONS).map((name): [string, Build] => [
      name,
      ([x], { axes, keepAxes }) => graph[name](x, axes, { keepAxes }),
    ]),
  ),
  where: ([condition, a, b]) => graph.where(condition, a, b),
  clamp: ([x], { min, max }) => graph.clamp(x, min, max),
  cast: ([x]) => graph.cast(x, 'i32'),
  matmul: ([a, b], options) => graph.matmul(a, b, options),
  linear: ([x, weight, bias]) => graph.linear(x, { weight, bias }),
  conv2d: ([x, weight, bias], options) => graph.conv2d(x, { weight, bias }, options),
  convTranspose2d: ([x, weight, bias], options) =>
    graph.convTranspose2d(x, { weight, bias }, options),
  layerNorm: ([x, weight, bias], options) => graph.layerNorm(x, { weight, bias }, options),
  softmax: ([x]) => graph.softmax(x),
  attention: ([q, k, v, keyBias], { heads }) => graph.attention(q, k, v, { heads, keyBias }),
  rotary: ([x, table], options) => graph.rotary(x, table, options),
  reshape: ([x], { shape }) => graph.reshape(x, shape),
  transpose: ([x], { permutation }) => graph.transpose(x, permutation),
  slice: ([x], { axis, start, end }) => graph.slice(x, axis, start, end),
  splitLast: ([x], { axis, count }) => graph.split(x, axis, count).at(-1)!,
  pad: ([x], { before, after, value }) => graph.pad(x, before, after, value),
  expand: ([x], { shape }) => graph.expand(x, shape),
  gather: ([table, indices]) => graph.gather(table, indices),
  concat: (operands, { axis }) => graph.concat(operands, axis),
  resize: ([x], { size, mode }) => graph.resize(x, size, mode),
  maxPool2d: ([x], { size, ...options }) => graph.maxPool2d(x, size, options),
  averagePool2d: ([x], { size, ...options }) => graph.averagePool2d(x, size, options),
};

const cases = JSON.parse(
  readFileSync(new URL('fixtures/torch-cases.json', import.meta.url), 'utf8'),
) as readonly TorchCase[];

// Both sides compute in float64 and differ in the order of sums and in the last bits of exp, erf
// and tanh. The longest sum has 98 terms of at most 4, so that its rounding stays below
// 98 * 4 * 2^-53 = 4e-14; everything else is shorter.
const TOLERANCE = 1e-13;

function traceCase({ name, operation, operands, attributes }: TorchCase): graph.Graph {
  const build = BUILDERS[operation];
  if (build === undefined) {
    throw new Error(`no builder for "${operation}" of case "${name}"`);
  }
  const specs = operands.map(({ shape, integer }) => ({
    shape,
    dtype: integer ? ('i32' as const) : ('f32' as const),
  }));
  return graph.trace(name, Object.fromEntries(specs.entries()), new Map(), (inputs) => {
    // Builders take as many operands as their operation has.
    const given = specs.map((_, index) => inputs[index]!) as unknown as Parameters<Build>[0];
    return { result: build(given, attributes) };
  });
}

describe('the interpreter agrees with PyTorch', () => {
  test.each(cases)('$name', (torchCase) => {
    const { expected, operands } = torchCase;
    const values = operands.map(({ shape, data }) => ({ shape, data: Float64Array.from(data) }));
    const outputs = graph.interpret(traceCase(torchCase), Object.fromEntries(values.entries()));
    const got = outputs['result']!;
    expect(got.shape).toEqual(expected.shape);
    expect(got.data).toHaveLength(expected.data.length);
    const errors = expected.data.map(
      (value, index) => Math.abs(got.data[index]! - value) / Math.max(1, Math.abs(value)),
    );
    expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
  });

  test('on every operation, with all its builders', () => {
    const operations = cases.flatMap((torchCase) =>
      traceCase(torchCase).nodes.map((node) => node.operation),
    );
    expect([...new Set(operations)].sort()).toEqual(
      ['input', 'constant', ...Object.keys(EVERY_OPERATION)].sort(),
    );
    const builders = new Set(cases.map(({ operation }) => operation));
    expect([...builders].sort()).toEqual(Object.keys(BUILDERS).sort());
  });
});
