import { elementCount, type GraphNode } from '@samgpu/graph';
import type { Lowered, Lowering } from './lowering.ts';

export function matmul(node: GraphNode<'matmul'>, lowering: Lowering): Lowered {
  const a = lowering.operand(node, 0);
  const b = lowering.operand(node, 1);
  const right = node.attributes.transposeB
    ? swapLastAxes(node, lowering, b, lowering.shapeOf(node, 1).length)
    : b;
  return traced(lowering.emit(node, 'MatMul', [a, right]));
}

/** Gemm takes the weight as it is stored, and adds the bias for free; it wants matrices. */
export function linear(node: GraphNode<'linear'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const x = lowering.operand(node, 0);
  const shape = lowering.shapeOf(node, 0);
  const width = shape.at(-1) ?? 1;
  const rows = elementCount(shape) / width;
  const flat =
    shape.length === 2 ? x : lowering.emit(node, 'Reshape', [x, builder.list([rows, width])]);
  const product = lowering.emit(node, 'Gemm', [flat, ...lowering.weights(node)], {
    transB: { integer: 1 },
  });
  return traced(
    shape.length === 2
      ? product
      : lowering.emit(node, 'Reshape', [product, builder.list(node.shape)]),
  );
}

export function layerNorm(node: GraphNode<'layerNorm'>, lowering: Lowering): Lowered {
  return traced(
    lowering.emit(node, 'LayerNormalization', lowering.operands(node), {
      axis: { integer: -1 },
      epsilon: { float: node.attributes.epsilon },
    }),
  );
}

export function softmax(node: GraphNode<'softmax'>, lowering: Lowering): Lowered {
  return traced(lowering.emit(node, 'Softmax', lowering.operands(node), { axis: { integer: -1 } }));
}

function swapLastAxes(node: GraphNode, lowering: Lowering, name: string, rank: number): string {
  const order = Array.from({ length: rank }, (_, axis) => axis);
  order.push(...order.splice(-2).reverse());
  return lowering.emit(node, 'Transpose', [name], { perm: { integers: order } });
}

function traced(name: string): Lowered {
  return { name, layout: 'traced' };
}
