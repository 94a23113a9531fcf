import { expectI32, recordConstant } from '../constant.ts';
import { GraphError } from '../graph-error.ts';
import type { BinaryKind, DataType, UnaryKind } from '../node.ts';
import { broadcastShapes, expectFloat } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

const COMPARISONS: ReadonlySet<BinaryKind> = new Set([
  'equal',
  'greater',
  'greaterOrEqual',
  'less',
  'lessOrEqual',
]);

/** What the builders of binary operations are called, for their messages. */
const BUILDER_NAMES: { readonly [Kind in BinaryKind]?: string } = {
  max: 'maximum',
  min: 'minimum',
};

function unary(kind: UnaryKind, x: Tensor): Tensor {
  expectFloat(kind, 'x', x);
  return x.recorder.add('unary', [x], { kind }, x.shape);
}

/** |x| */
export function abs(x: Tensor): Tensor {
  return unary('abs', x);
}

/**
 * The nearest number that bfloat16 has, ties to the even one: the upper 16 bits of a float32. Beyond
 * its range, and for NaN, what comes out differs between devices.
 */
export function bfloat16(x: Tensor): Tensor {
  return unary('bfloat16', x);
}

/** The smallest whole number not below x. */
export function ceil(x: Tensor): Tensor {
  return unary('ceil', x);
}

export function cos(x: Tensor): Tensor {
  return unary('cos', x);
}

/** e to the power of x. */
export function exp(x: Tensor): Tensor {
  return unary('exp', x);
}

/** The largest whole number not above x. */
export function floor(x: Tensor): Tensor {
  return unary('floor', x);
}

/** The exact form with erf, PyTorch's default: x / 2 * (1 + erf(x / sqrt(2))). */
export function gelu(x: Tensor): Tensor {
  return unary('gelu', x);
}

/** The approximation by tanh. Segment Anything never uses it: see `gelu`. */
export function geluTanh(x: Tensor): Tensor {
  return unary('geluTanh', x);
}

/** clamp(x / 6 + 1 / 2, 0, 1) */
export function hardSigmoid(x: Tensor): Tensor {
  return unary('hardSigmoid', x);
}

/** x * hardSigmoid(x) */
export function hardSwish(x: Tensor): Tensor {
  return unary('hardSwish', x);
}

/** Natural logarithm. */
export function log(x: Tensor): Tensor {
  return unary('log', x);
}

export function neg(x: Tensor): Tensor {
  return unary('neg', x);
}

/** 1 / x */
export function reciprocal(x: Tensor): Tensor {
  return unary('reciprocal', x);
}

/** max(x, 0) */
export function relu(x: Tensor): Tensor {
  return unary('relu', x);
}

/** The nearest whole number, halves to the even one. */
export function round(x: Tensor): Tensor {
  return unary('round', x);
}

/** 1 / (1 + exp(-x)) */
export function sigmoid(x: Tensor): Tensor {
  return unary('sigmoid', x);
}

/** x * sigmoid(x) */
export function silu(x: Tensor): Tensor {
  return unary('silu', x);
}

export function sin(x: Tensor): Tensor {
  return unary('sin', x);
}

/** log(1 + exp(x)) */
export function softplus(x: Tensor): Tensor {
  return unary('softplus', x);
}

export function sqrt(x: Tensor): Tensor {
  return unary('sqrt', x);
}

export function tanh(x: Tensor): Tensor {
  return unary('tanh', x);
}

/** An operand of an elementwise operation: a number stands for a tensor full of it. */
export type Operand = Tensor | number;

function binary(kind: BinaryKind, a: Operand, b: Operand): Tensor {
  const operation = BUILDER_NAMES[kind] ?? kind;
  const tensor = typeof a === 'number' ? b : a;
  if (typeof tensor === 'number') {
    throw new GraphError(operation, 'both operands are numbers, wanted at least one tensor');
  }
  const left = asTensor(operation, a, tensor);
  const right = asTensor(operation, b, tensor);
  if (left.dtype !== right.dtype) {
    throw new GraphError(
      operation,
      `operands are ${left.dtype} and ${right.dtype}, wanted equal types; use cast`,
    );
  }
  const dtype: DataType = COMPARISONS.has(kind) ? 'f32' : left.dtype;
  if (left.dtype === 'i32' && (kind === 'div' || kind === 'pow')) {
    throw new GraphError(operation, 'operands are i32, wanted f32; use cast');
  }
  const shape = broadcastShapes(operation, left.shape, right.shape);
  return tensor.recorder.add('binary', [left, right], { kind }, shape, dtype);
}

function asTensor(operation: string, operand: Operand, like: Tensor): Tensor {
  if (typeof operand !== 'number') {
    return operand;
  }
  if (like.dtype === 'i32') {
    expectI32(operation, [operand]);
  }
  return recordConstant(like.recorder, [operand], [], like.dtype);
}

/** a + b; shapes broadcast as in NumPy, here and below. */
export function add(a: Operand, b: Operand): Tensor {
  return binary('add', a, b);
}

/** a - b */
export function sub(a: Operand, b: Operand): Tensor {
  return binary('sub', a, b);
}

/** a * b */
export function mul(a: Operand, b: Operand): Tensor {
  return binary('mul', a, b);
}

/** a / b, f32 only. */
export function div(a: Operand, b: Operand): Tensor {
  return binary('div', a, b);
}

/** The larger of both. */
export function maximum(a: Operand, b: Operand): Tensor {
  return binary('max', a, b);
}

/** The smaller of both. */
export function minimum(a: Operand, b: Operand): Tensor {
  return binary('min', a, b);
}

/** a to the power of b, f32 only. */
export function pow(a: Operand, b: Operand): Tensor {
  return binary('pow', a, b);
}

/** 1 where a = b, else 0, as f32; so for the comparisons below. */
export function equal(a: Operand, b: Operand): Tensor {
  return binary('equal', a, b);
}

/** 1 where a > b */
export function greater(a: Operand, b: Operand): Tensor {
  return binary('greater', a, b);
}

/** 1 where a >= b */
export function greaterOrEqual(a: Operand, b: Operand): Tensor {
  return binary('greaterOrEqual', a, b);
}

/** 1 where a < b */
export function less(a: Operand, b: Operand): Tensor {
  return binary('less', a, b);
}

/** 1 where a <= b */
export function lessOrEqual(a: Operand, b: Operand): Tensor {
  return binary('lessOrEqual', a, b);
}

/**
 * a where `condition` is not 0, else b. What is not chosen may be NaN or infinite.
 *
 * Two numbers become tensors of the condition's type.
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const like = typeof a === 'number' ? b : a;
  const left = asTensor('where', a, typeof like === 'number' ? condition : like);
  const right = asTensor('where', b, typeof like === 'number' ? condition : like);
  if (left.dtype !== right.dtype) {
    throw new GraphError(
      'where',
      `choices are ${left.dtype} and ${right.dtype}, wanted equal types; use cast`,
    );
  }
  const choices = broadcastShapes('where', left.shape, right.shape);
  const shape = broadcastShapes('where', condition.shape, choices);
  return condition.recorder.add('where', [condition, left, right], {}, shape, left.dtype);
}

/** min(max(x, minimum), maximum) */
export function clamp(x: Tensor, minimumValue: number, maximumValue: number): Tensor {
  if (!(minimumValue <= maximumValue)) {
    throw new GraphError(
      'clamp',
      `got ${minimumValue} to ${maximumValue}, wanted minimum <= maximum`,
    );
  }
  if (x.dtype === 'i32') {
    expectI32('clamp', [minimumValue, maximumValue]);
  }
  return x.recorder.add('clamp', [x], { min: minimumValue, max: maximumValue }, x.shape, x.dtype);
}

/**
 * x as another element type; f32 to i32 truncates towards zero.
 *
 * What a float beyond the range of i32 becomes differs between devices.
 */
export function cast(x: Tensor, to: DataType): Tensor {
  return x.dtype === to ? x : x.recorder.add('cast', [x], { to }, x.shape, to);
}
