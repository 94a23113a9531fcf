import type { BinaryKind, GraphNode, UnaryKind } from '@samgpu/graph';
import { ELEMENT_OF_DATA } from '../format/element-type.ts';
import type { Lowered, Lowering } from './lowering.ts';
import { CAST_TO_FLOAT } from './model-builder.ts';

/** Writes a function of one value; `x` is the name of the operand. */
type WriteUnary = (lowering: Lowering, node: GraphNode, x: string) => string;

const operator =
  (name: string): WriteUnary =>
  (lowering, node, x) =>
    lowering.emit(node, name, [x]);

const hardSigmoid: WriteUnary = (lowering, node, x) =>
  lowering.emit(node, 'HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } });

const timesItself =
  (inner: WriteUnary): WriteUnary =>
  (lowering, node, x) =>
    lowering.emit(node, 'Mul', [x, inner(lowering, node, x)]);

// The two forms below are those that ONNX Runtime knows and runs as one kernel. The operator Gelu
// itself came with opset 20, which many runtimes still lack.

const gelu: WriteUnary = (lowering, node, x) => {
  const { builder } = lowering;
  const ratio = lowering.emit(node, 'Div', [x, builder.scalar(Math.SQRT2)]);
  const erf = lowering.emit(node, 'Erf', [ratio]);
  const sum = lowering.emit(node, 'Add', [erf, builder.scalar(1)]);
  const product = lowering.emit(node, 'Mul', [x, sum]);
  return lowering.emit(node, 'Mul', [product, builder.scalar(0.5)]);
};

const geluTanh: WriteUnary = (lowering, node, x) => {
  const { builder } = lowering;
  const cube = lowering.emit(node, 'Pow', [x, builder.scalar(3)]);
  const part = lowering.emit(node, 'Mul', [cube, builder.scalar(0.044715)]);
  const inner = lowering.emit(node, 'Add', [x, part]);
  const scaled = lowering.emit(node, 'Mul', [inner, builder.scalar(Math.sqrt(2 / Math.PI))]);
  const tanh = lowering.emit(node, 'Tanh', [scaled]);
  const sum = lowering.emit(node, 'Add', [tanh, builder.scalar(1)]);
  const product = lowering.emit(node, 'Mul', [x, sum]);
  return lowering.emit(node, 'Mul', [product, builder.scalar(0.5)]);
};

const BFLOAT16 = 16;

// Casting rounds to the nearest, ties to even.
const bfloat16: WriteUnary = (lowering, node, x) => {
  const rounded = lowering.emit(node, 'Cast', [x], { to: { integer: BFLOAT16 } });
  return lowering.emit(node, 'Cast', [rounded], CAST_TO_FLOAT);
};

const UNARY: { readonly [Kind in UnaryKind]: WriteUnary } = {
  abs: operator('Abs'),
  bfloat16,
  ceil: operator('Ceil'),
  cos: operator('Cos'),
  exp: operator('Exp'),
  floor: operator('Floor'),
  gelu,
  geluTanh,
  hardSigmoid,
  hardSwish: timesItself(hardSigmoid),
  log: operator('Log'),
  neg: operator('Neg'),
  reciprocal: operator('Reciprocal'),
  relu: operator('Relu'),
  round: operator('Round'), // halves to even, by the standard
  sigmoid: operator('Sigmoid'),
  silu: timesItself(operator('Sigmoid')),
  sin: operator('Sin'),
  softplus: operator('Softplus'),
  sqrt: operator('Sqrt'),
  tanh: operator('Tanh'),
};

interface BinaryOperator {
  readonly name: string;
  /** Gives bool, which becomes 1 or 0. */
  readonly comparison?: true;
}

const BINARY: { readonly [Kind in BinaryKind]: BinaryOperator } = {
  add: { name: 'Add' },
  sub: { name: 'Sub' },
  mul: { name: 'Mul' },
  div: { name: 'Div' },
  max: { name: 'Max' },
  min: { name: 'Min' },
  pow: { name: 'Pow' },
  equal: { name: 'Equal', comparison: true },
  greater: { name: 'Greater', comparison: true },
  greaterOrEqual: { name: 'GreaterOrEqual', comparison: true },
  less: { name: 'Less', comparison: true },
  lessOrEqual: { name: 'LessOrEqual', comparison: true },
};

const BOOL = 9;
const INT32 = 6;

export function unary(node: GraphNode<'unary'>, lowering: Lowering): Lowered {
  const layout = lowering.layoutFor(node);
  const x = lowering.operand(node, 0, layout);
  return { name: UNARY[node.attributes.kind](lowering, node, x), layout };
}

export function binary(node: GraphNode<'binary'>, lowering: Lowering): Lowered {
  const layout = lowering.layoutFor(node);
  const { name, comparison = false } = BINARY[node.attributes.kind];
  const result = lowering.emit(node, name, lowering.operands(node, layout));
  return {
    name: comparison ? lowering.emit(node, 'Cast', [result], CAST_TO_FLOAT) : result,
    layout,
  };
}

export function where(node: GraphNode<'where'>, lowering: Lowering): Lowered {
  const layout = lowering.layoutFor(node);
  const [condition = '', a = '', b = ''] = lowering.operands(node, layout);
  // By the standard, everything but zero becomes true.
  const chosen = lowering.emit(node, 'Cast', [condition], { to: { integer: BOOL } });
  return { name: lowering.emit(node, 'Where', [chosen, a, b]), layout };
}

export function clamp(node: GraphNode<'clamp'>, lowering: Lowering): Lowered {
  const layout = lowering.layoutFor(node);
  const type = ELEMENT_OF_DATA[node.dtype];
  const limit = (value: number): string => lowering.builder.constant(type, [], [value]);
  const { min, max } = node.attributes;
  const inputs = [lowering.operand(node, 0, layout), limit(min), limit(max)];
  return { name: lowering.emit(node, 'Clip', inputs), layout };
}

export function cast(node: GraphNode<'cast'>, lowering: Lowering): Lowered {
  const layout = lowering.layoutFor(node);
  const x = lowering.operand(node, 0, layout);
  const attributes = node.attributes.to === 'f32' ? CAST_TO_FLOAT : { to: { integer: INT32 } };
  return { name: lowering.emit(node, 'Cast', [x], attributes), layout };
}
