import type { BinaryKind, GraphNode, UnaryKind } from '../node.ts';
import { broadcastTo, emptyArray, type NumericArray, operand } from './array.ts';
import { erf } from './erf.ts';

const UNARY: { readonly [Kind in UnaryKind]: (x: number) => number } = {
  abs: Math.abs,
  bfloat16: roundToBfloat16,
  ceil: Math.ceil,
  cos: Math.cos,
  exp: Math.exp,
  floor: Math.floor,
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  geluTanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  hardSigmoid,
  hardSwish: (x) => x * hardSigmoid(x),
  log: Math.log,
  neg: (x) => -x,
  reciprocal: (x) => 1 / x,
  relu: (x) => Math.max(x, 0),
  round: roundHalfEven,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  silu: (x) => x / (1 + Math.exp(-x)),
  sin: Math.sin,
  // Written so that exp never overflows.
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sqrt: Math.sqrt,
  tanh: Math.tanh,
};

const BINARY: { readonly [Kind in BinaryKind]: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
  pow: (a, b) => a ** b,
  equal: (a, b) => (a === b ? 1 : 0),
  greater: (a, b) => (a > b ? 1 : 0),
  greaterOrEqual: (a, b) => (a >= b ? 1 : 0),
  less: (a, b) => (a < b ? 1 : 0),
  lessOrEqual: (a, b) => (a <= b ? 1 : 0),
};

function hardSigmoid(x: number): number {
  return Math.min(Math.max(x / 6 + 0.5, 0), 1);
}

// Of 24 significant bits of a float32, 8 remain. Below 2^-126 numbers are spaced as there.
function roundToBfloat16(x: number): number {
  const size = Math.abs(x);
  const exponent = size < 2 ** -126 ? -126 : Math.floor(Math.log2(size));
  const step = 2 ** (exponent - 7);
  return roundHalfEven(x / step) * step;
}

function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) {
    return Math.round(x);
  }
  return below % 2 === 0 ? below : below + 1;
}

function map(
  node: GraphNode,
  inputs: readonly NumericArray[],
  compute: (x: number) => number,
): NumericArray {
  return { shape: node.shape, data: operand(inputs, 0).data.map((x) => compute(x)) };
}

export function unary(node: GraphNode<'unary'>, inputs: readonly NumericArray[]): NumericArray {
  return map(node, inputs, UNARY[node.attributes.kind]);
}

export function clamp(node: GraphNode<'clamp'>, inputs: readonly NumericArray[]): NumericArray {
  const { min, max } = node.attributes;
  return map(node, inputs, (x) => Math.min(Math.max(x, min), max));
}

export function cast(node: GraphNode<'cast'>, inputs: readonly NumericArray[]): NumericArray {
  return map(node, inputs, node.attributes.to === 'i32' ? Math.trunc : (x) => x);
}

export function binary(node: GraphNode<'binary'>, inputs: readonly NumericArray[]): NumericArray {
  const compute = BINARY[node.attributes.kind];
  const a = broadcastTo(operand(inputs, 0), node.shape);
  const b = broadcastTo(operand(inputs, 1), node.shape);
  return {
    shape: node.shape,
    data: a.map((value, index) => compute(value, b[index] ?? Number.NaN)),
  };
}

export function where(node: GraphNode<'where'>, inputs: readonly NumericArray[]): NumericArray {
  const condition = broadcastTo(operand(inputs, 0), node.shape);
  const a = broadcastTo(operand(inputs, 1), node.shape);
  const b = broadcastTo(operand(inputs, 2), node.shape);
  const result = emptyArray(node.shape);
  for (let index = 0; index < result.data.length; index++) {
    result.data[index] = (condition[index] !== 0 ? a[index] : b[index]) ?? Number.NaN;
  }
  return result;
}
