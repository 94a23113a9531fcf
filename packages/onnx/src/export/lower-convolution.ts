import type { GraphNode } from '@samgpu/graph';
import type { Lowered, Lowering } from './lowering.ts';
import { isPointwise } from './wishes.ts';

export function conv2d(node: GraphNode<'conv2d'>, lowering: Lowering): Lowered {
  const x = node.inputs[0] ?? -1;
  if (isPointwise(node, lowering.graph) && !lowering.layouts.has(x, 'channelsFirst')) {
    return pointwise(node, lowering);
  }
  const { stride, padding, dilation, groups } = node.attributes;
  const [, ...weights] = lowering.operands(node);
  const name = lowering.emit(
    node,
    'Conv',
    [lowering.operand(node, 0, 'channelsFirst'), ...weights],
    {
      kernel_shape: { integers: lowering.shapeOf(node, 1).slice(2) },
      strides: { integers: stride },
      pads: { integers: padding }, // top, left, bottom, right in both
      dilations: { integers: dilation },
      group: { integer: groups },
    },
  );
  return { name, layout: 'channelsFirst' };
}

/** A 1x1 convolution of an image with channels last is a matrix product: nothing is transposed. */
function pointwise(node: GraphNode<'conv2d'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const [out = 0, channels = 0] = lowering.shapeOf(node, 1);
  const matrix = lowering.emit(node, 'Reshape', [
    lowering.operand(node, 1),
    builder.list([out, channels]),
  ]);
  const transposed = lowering.emit(node, 'Transpose', [matrix], { perm: { integers: [1, 0] } });
  const product = lowering.emit(node, 'MatMul', [lowering.operand(node, 0), transposed]);
  return {
    name: node.attributes.bias
      ? lowering.emit(node, 'Add', [product, lowering.operand(node, 2)])
      : product,
    layout: 'traced',
  };
}

export function convTranspose2d(node: GraphNode<'convTranspose2d'>, lowering: Lowering): Lowered {
  const [, ...weights] = lowering.operands(node);
  const inputs = [lowering.operand(node, 0, 'channelsFirst'), ...weights];
  const name = lowering.emit(node, 'ConvTranspose', inputs, {
    kernel_shape: { integers: lowering.shapeOf(node, 1).slice(2) },
    strides: { integers: node.attributes.stride },
  });
  return { name, layout: 'channelsFirst' };
}

export function pool2d(node: GraphNode<'pool2d'>, lowering: Lowering): Lowered {
  const { kind, size, stride, padding } = node.attributes;
  const name = lowering.emit(
    node,
    kind === 'max' ? 'MaxPool' : 'AveragePool',
    [lowering.operand(node, 0, 'channelsFirst')],
    {
      kernel_shape: { integers: size },
      strides: { integers: stride },
      pads: { integers: padding },
      ...(kind === 'average' && { count_include_pad: { integer: 0 } }),
    },
  );
  return { name, layout: 'channelsFirst' };
}
