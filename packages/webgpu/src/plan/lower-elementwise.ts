import type { GraphNode } from '@samgpu/graph';
import { binaryKernel, clampCastKernel, unaryKernel, whereKernel } from '@samgpu/kernels';

import type { Planner } from './planner.ts';

export function unary(node: GraphNode<'unary'>, planner: Planner): void {
  const x = planner.view(node.inputs[0]!);
  const { kind } = node.attributes;
  const kernel = unaryKernel({ x: x.view, activation: kind }, planner.device.kernels);
  planner.emit(node, kernel, { x: x.operand, y: planner.result(node) });
}

export function binary(node: GraphNode<'binary'>, planner: Planner): void {
  const [first, second] = node.inputs as [number, number];
  const a = planner.view(first);
  const b = planner.view(second);
  const kernel = binaryKernel(
    {
      a: a.view,
      b: b.view,
      kind: node.attributes.kind,
      shape: node.shape,
      type: planner.node(first).dtype,
      activation: planner.fusionOf(node).activation,
    },
    planner.device.kernels,
  );
  planner.emit(node, kernel, { a: a.operand, b: b.operand, y: planner.result(node) });
}

export function where(node: GraphNode<'where'>, planner: Planner): void {
  const [chooser, first, second] = node.inputs as [number, number, number];
  const condition = planner.view(chooser);
  const a = planner.view(first);
  const b = planner.view(second);
  const kernel = whereKernel(
    {
      condition: condition.view,
      a: a.view,
      b: b.view,
      shape: node.shape,
      type: node.dtype,
      conditionType: planner.node(chooser).dtype,
    },
    planner.device.kernels,
  );
  planner.emit(node, kernel, {
    condition: condition.operand,
    a: a.operand,
    b: b.operand,
    y: planner.result(node),
  });
}

export function clamp(node: GraphNode<'clamp'>, planner: Planner): void {
  const { min, max } = node.attributes;
  const x = planner.view(node.inputs[0]!);
  const kernel = clampCastKernel(
    { x: x.view, from: node.dtype, to: node.dtype, minimum: min, maximum: max },
    planner.device.kernels,
  );
  planner.emit(node, kernel, { x: x.operand, y: planner.result(node) });
}

export function cast(node: GraphNode<'cast'>, planner: Planner): void {
  const source = node.inputs[0]!;
  const from = planner.node(source).dtype;
  if (from === node.dtype) {
    planner.record(node.id, planner.at(source));
    return;
  }
  const x = planner.view(source);
  const kernel = clampCastKernel({ x: x.view, from, to: node.dtype }, planner.device.kernels);
  planner.emit(node, kernel, { x: x.operand, y: planner.result(node) });
}
