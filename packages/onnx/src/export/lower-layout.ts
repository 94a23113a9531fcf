import { axisSize, type GraphNode, type ReduceKind } from '@samgpu/graph';
import { ELEMENT_OF_DATA } from '../format/element-type.ts';
import { axisInLayout, inLayout, movesElements, TO_CHANNELS_FIRST } from './layouts.ts';
import type { Lowered, Lowering } from './lowering.ts';

export function reshape(node: GraphNode<'reshape'>, lowering: Lowering): Lowered {
  const inputs = [lowering.operand(node, 0), lowering.builder.list(node.shape)];
  return { name: lowering.emit(node, 'Reshape', inputs), layout: 'traced' };
}

/** Where x exists with channels first only, that order is the one that is permuted. */
export function transpose(node: GraphNode<'transpose'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const id = node.inputs[0] ?? -1;
  const traced = lowering.layouts.has(id, 'traced');
  const layout = traced ? 'traced' : 'channelsFirst';
  const name = lowering.operand(node, 0, layout);
  const shape = inLayout(lowering.shapeOf(node, 0), layout);
  const permutation = node.attributes.permutation.map((axis) => axisInLayout(axis, layout));
  if (permutation.every((axis, index) => axis === index)) {
    return { name, layout: 'traced' };
  }
  if (!movesElements(shape, permutation)) {
    const target = builder.list(node.shape);
    return { name: lowering.emit(node, 'Reshape', [name, target]), layout: 'traced' };
  }
  return {
    name: lowering.emit(node, 'Transpose', [name], { perm: { integers: permutation } }),
    layout: 'traced',
  };
}

export function concat(node: GraphNode<'concat'>, lowering: Lowering): Lowered {
  const layout = lowering.layoutFor(node);
  const axis = axisInLayout(node.attributes.axis, layout);
  const name = lowering.emit(node, 'Concat', lowering.operands(node, layout), {
    axis: { integer: axis },
  });
  return { name, layout };
}

export function slice(node: GraphNode<'slice'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const layout = lowering.layoutFor(node);
  const shape = lowering.shapeOf(node, 0);
  const cut = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== node.shape[axis]);
  const starts = cut.map((axis) => axisSize(node.attributes.starts, axis));
  const ends = cut.map((axis, index) => (starts[index] ?? 0) + axisSize(node.shape, axis));
  const axes = cut.map((axis) => axisInLayout(axis, layout));
  const inputs = [
    lowering.operand(node, 0, layout),
    builder.list(starts),
    builder.list(ends),
    builder.list(axes),
  ];
  return { name: lowering.emit(node, 'Slice', inputs), layout };
}

export function pad(node: GraphNode<'pad'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const layout = lowering.layoutFor(node);
  const { before, after, value } = node.attributes;
  const pads = [...inLayout(before, layout), ...inLayout(after, layout)];
  const filler = builder.constant(ELEMENT_OF_DATA[node.dtype], [], [value]);
  const inputs = [lowering.operand(node, 0, layout), builder.list(pads), filler];
  return { name: lowering.emit(node, 'Pad', inputs), layout };
}

export function expand(node: GraphNode<'expand'>, lowering: Lowering): Lowered {
  const inputs = [lowering.operand(node, 0), lowering.builder.list(node.shape)];
  return { name: lowering.emit(node, 'Expand', inputs), layout: 'traced' };
}

export function gather(node: GraphNode<'gather'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const last = axisSize(lowering.shapeOf(node, 0), 0) - 1;
  const indices = lowering.operandNode(node, 1);
  const inRange =
    indices.operation === 'constant' &&
    indices.attributes.data.every((index) => index >= 0 && index <= last);
  const name = lowering.operand(node, 1);
  const clamped = inRange
    ? name
    : lowering.emit(node, 'Clip', [
        name,
        builder.constant('int32', [], [0]),
        builder.constant('int32', [], [last]),
      ]);
  const inputs = [lowering.operand(node, 0), clamped];
  return {
    name: lowering.emit(node, 'Gather', inputs, { axis: { integer: 0 } }),
    layout: 'traced',
  };
}

const REDUCE: { readonly [Kind in ReduceKind]: string } = {
  sum: 'ReduceSum',
  mean: 'ReduceMean',
  max: 'ReduceMax',
  min: 'ReduceMin',
};

export function reduce(node: GraphNode<'reduce'>, lowering: Lowering): Lowered {
  const { kind, axes, keepAxes } = node.attributes;
  const id = node.inputs[0] ?? -1;
  const first = !lowering.layouts.has(id, 'traced') && (keepAxes || keepsOrder(axes));
  const layout = first ? 'channelsFirst' : 'traced';
  const along = axes.map((axis) => axisInLayout(axis, layout)).sort((a, b) => a - b);
  const x = lowering.operand(node, 0, layout);
  const keepdims = { keepdims: { integer: keepAxes ? 1 : 0 } };
  // Opset 17 takes the axes of a sum as an operand, and all others as an attribute.
  const name =
    kind === 'sum'
      ? lowering.emit(node, REDUCE[kind], [x, lowering.builder.list(along)], keepdims)
      : lowering.emit(node, REDUCE[kind], [x], { axes: { integers: along }, ...keepdims });
  return { name, layout: keepAxes ? layout : 'traced' };
}

/** Whether what remains of [n, c, h, w] without `axes` (of [n, h, w, c]) is in the traced order. */
function keepsOrder(axes: readonly number[]): boolean {
  const kept = TO_CHANNELS_FIRST.filter((axis) => !axes.includes(axis));
  return kept.every((axis, index) => index === 0 || axis > (kept[index - 1] ?? 0));
}
