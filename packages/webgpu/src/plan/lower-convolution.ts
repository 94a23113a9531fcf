import { elementCount, type GraphNode, type NodeId } from '@samgpu/graph';
import {
  convolution,
  type ConvolutionSizes,
  packConvolutionWeight,
  packedConvolutionSize,
} from '@samgpu/kernels';

import { WebGpuError } from '../webgpu-error.ts';
import { emitLinear, endingOf } from './lower-products.ts';
import { floats } from './packing.ts';
import { labelOf, type Planner } from './planner.ts';
import type { Packing } from './program-plan.ts';
import { rowsOf } from './rows.ts';
import type { StaticTensor } from './static-tensor.ts';

type Image = readonly [batch: number, height: number, width: number, channels: number];

export function conv2d(node: GraphNode<'conv2d'>, planner: Planner): void {
  const [input, weight, bias] = node.inputs as [NodeId, NodeId, NodeId?];
  const tensor = staticWeight(node, weight, planner);
  const [outputs, , ...kernel] = planner.node(weight).shape as [number, number, number, number];
  const [batch, height, width, channels] = planner.node(input).shape as unknown as Image;
  const { stride, padding, dilation, groups } = node.attributes;
  const ending = endingOf(node, bias, planner);
  const isPointwise =
    groups === 1 && [...kernel, ...stride].every((size) => size === 1) && !padding.some(Boolean);
  if (isPointwise) {
    const { operand, rows, offset, rowStride } = rowsOf(input, planner);
    emitLinear(node, planner, {
      x: operand,
      left: { offset, rowStride },
      rows,
      weight: tensor,
      sizes: [outputs, channels],
      ending,
    });
    return;
  }
  const image = { batch, height, width, channels, outputs };
  const sizes: ConvolutionSizes = { ...image, kernel, stride, padding, dilation, groups };
  const isDepthwise = groups > 1 && groups === channels && groups === outputs;
  // A kernel per channel is so small that half precision would gain nothing.
  const weightType = tensor.type === 'f16' && !isDepthwise ? 'f16' : 'f32';
  const options = { ...ending.options, weightType } as const;
  const right = planner.upload(tensor, convolutionPacking(sizes, weightType));
  planner.emit(node, convolution(sizes, options, planner.device.kernels), {
    x: planner.dense(input),
    right,
    ...ending.operands,
    y: planner.result(node),
  });
}

function convolutionPacking(sizes: ConvolutionSizes, type: 'f16' | 'f32'): Packing {
  const packed = packedConvolutionSize(sizes);
  const { kernel, channels, groups = 1 } = sizes;
  return {
    // Not of the image's size: decoders of several sizes share their weights.
    name: ['convolution', type, ...packed, ...kernel, channels, groups].join(' '),
    bytes: elementCount(packed) * (type === 'f16' ? 2 : 4),
    pack: (data) =>
      type === 'f16'
        ? packConvolutionWeight(data.elements as Uint16Array<ArrayBuffer>, sizes)
        : packConvolutionWeight(floats(data) as Float32Array<ArrayBuffer>, sizes),
  };
}

/** @throws WebGpuError `unsupported` for a weight that depends on an input */
export function staticWeight(node: GraphNode, weight: NodeId, planner: Planner): StaticTensor {
  if (!planner.isStatic(weight)) {
    throw new WebGpuError(
      'unsupported',
      `${labelOf(node)}: its weight depends on an input; convolutions take weights of the checkpoint`,
    );
  }
  return planner.static(weight);
}
