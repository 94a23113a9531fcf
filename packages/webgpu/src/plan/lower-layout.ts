import { axisSize, type GraphNode } from '@samgpu/graph';
import { denseView, padKernel } from '@samgpu/kernels';

import { layoutView, type Planner } from './planner.ts';
import { sliceView } from './views.ts';

/** Reshape, transpose, slice and expand: another view, and a copy only where no view will do. */
export function relayout(
  node: GraphNode<'reshape' | 'slice' | 'expand' | 'transpose'>,
  planner: Planner,
): void {
  const source = planner.at(node.inputs[0]!);
  const view = layoutView(node, source.view);
  if (view !== undefined) {
    planner.record(node.id, { value: source.value, view });
    return;
  }
  const { value } = planner.copy(source, node);
  planner.record(node.id, { value, view: denseView(node.shape) });
}

export function concat(node: GraphNode<'concat'>, planner: Planner): void {
  const { axis } = node.attributes;
  const value = planner.concatValue(node.id);
  const whole = denseView(node.shape);
  let position = 0;
  for (const id of node.inputs) {
    const { shape } = planner.node(id);
    if (!planner.isAtHome(id, node.id)) {
      const starts = shape.map((_, index) => (index === axis ? position : 0));
      planner.copyInto(node, planner.at(id), { value, view: sliceView(whole, starts, shape) });
    }
    position += axisSize(shape, axis);
  }
  planner.record(node.id, { value, view: whole });
}

export function pad(node: GraphNode<'pad'>, planner: Planner): void {
  const x = planner.view(node.inputs[0]!);
  const { before, after, value } = node.attributes;
  const kernel = padKernel(
    { x: x.view, before, after, value, type: node.dtype },
    planner.device.kernels,
  );
  planner.emit(node, kernel, { x: x.operand, y: planner.result(node) });
}
