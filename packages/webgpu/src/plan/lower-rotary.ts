import type { GraphNode, NodeId } from '@samgpu/graph';
import { rotary as rotaryKernel } from '@samgpu/kernels';

import type { Planner } from './planner.ts';
import { tokensOf } from './tokens.ts';

export function rotary(node: GraphNode<'rotary'>, planner: Planner): void {
  const [x, table] = node.inputs as [NodeId, NodeId];
  const { heads, rotated } = node.attributes;
  const [batch, rows, width] = planner.node(x).shape as [number, number, number];
  const [period] = planner.node(table).shape as [number];
  const tokens = tokensOf(x, batch, planner);
  const { offset, rowStride, batchStride } = tokens.view;
  // The kernel reads four elements at once.
  const isAligned = [offset, rowStride, batchStride].every((number) => number % 4 === 0);
  const kernel = rotaryKernel(
    { batch, rows, rotatedRows: rotated, period, heads, width: width / heads },
    isAligned ? tokens.view : {},
    planner.device.kernels,
  );
  planner.emit(node, kernel, {
    x: isAligned ? tokens.operand : planner.dense(x),
    table: planner.dense(table),
    y: planner.result(node),
  });
}
