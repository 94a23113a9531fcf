import { elementCount, type GraphNode, type NodeId } from '@samgpu/graph';
import { gatherKernel, layerNormKernel, reduceKernel, softmaxKernel } from '@samgpu/kernels';

import type { Planner } from './planner.ts';
import { rowsOf } from './rows.ts';

export function layerNorm(node: GraphNode<'layerNorm'>, planner: Planner): void {
  const [input, weight, bias] = node.inputs as [NodeId, NodeId, NodeId];
  const { operand, ...x } = rowsOf(input, planner);
  const { epsilon } = node.attributes;
  const kernel = layerNormKernel({ ...x, epsilon }, planner.device.kernels);
  planner.emit(node, kernel, {
    x: operand,
    weight: planner.dense(weight),
    bias: planner.dense(bias),
    y: planner.result(node),
  });
}

export function softmax(node: GraphNode<'softmax'>, planner: Planner): void {
  const { operand, ...x } = rowsOf(node.inputs[0]!, planner);
  const kernel = softmaxKernel(x, planner.device.kernels);
  planner.emit(node, kernel, { x: operand, y: planner.result(node) });
}

export function reduce(node: GraphNode<'reduce'>, planner: Planner): void {
  const x = planner.view(node.inputs[0]!);
  const { axes, kind } = node.attributes;
  const kernel = reduceKernel({ x: x.view, axes, kind }, planner.device.kernels);
  planner.emit(node, kernel, { x: x.operand, y: planner.result(node) });
}

export function gather(node: GraphNode<'gather'>, planner: Planner): void {
  const [table, indices] = node.inputs as [NodeId, NodeId];
  const [rows = 1, ...rest] = planner.node(table).shape;
  const kernel = gatherKernel(
    { rows, width: elementCount(rest), indices: elementCount(planner.node(indices).shape) },
    planner.device.kernels,
  );
  planner.emit(node, kernel, {
    table: planner.dense(table),
    indices: planner.dense(indices),
    y: planner.result(node),
  });
}
