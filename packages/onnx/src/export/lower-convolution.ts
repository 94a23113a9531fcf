import type { GraphNode } from '@samgpu/graph';
import { isPatchwise, isTiling, patchwiseConvolution, tilingConvolution } from './lower-patches.ts';
import type { Lowered, Lowering } from './lowering.ts';

export function conv2d(node: GraphNode<'conv2d'>, lowering: Lowering): Lowered {
  if (isPatchwise(node, lowering.graph) && !hasChannelsFirst(node, lowering)) {
    return patchwiseConvolution(node, lowering);
  }
  const { stride, padding, dilation, groups } = node.attributes;
  const name = lowering.emit(
    node,
    'Conv',
    [lowering.operand(node, 0, 'channelsFirst'), ...lowering.weights(node)],
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

export function convTranspose2d(node: GraphNode<'convTranspose2d'>, lowering: Lowering): Lowered {
  if (isTiling(node, lowering.graph) && !hasChannelsFirst(node, lowering)) {
    return tilingConvolution(node, lowering);
  }
  const inputs = [lowering.operand(node, 0, 'channelsFirst'), ...lowering.weights(node)];
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

function hasChannelsFirst(node: GraphNode, lowering: Lowering): boolean {
  return lowering.layouts.has(node.inputs[0] ?? -1, 'channelsFirst');
}
