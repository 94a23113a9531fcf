import { elementCount, type GraphNode, type NodeId } from '@samgpu/graph';
import {
  chooseConvolution,
  chooseTransposedConvolution,
  convolution,
  type ConvolutionSizes,
  convolutionVariants,
  packConvolutionWeight,
  packedConvolutionSize,
  packedTransposedSize,
  packTransposedWeight,
  transposedConvolution,
  type TransposedConvolutionSizes,
  transposedConvolutionVariants,
} from '@samgpu/kernels';

import type { KernelTask } from '../variants/kernel-task.ts';
import { WebGpuError } from '../webgpu-error.ts';
import { emitLinear, endingOf } from './lower-products.ts';
import { floats } from './packing.ts';
import { labelOf, type Planner } from './planner.ts';
import type { Packing } from './program-plan.ts';
import { rowsOf } from './rows.ts';
import { imageSizes } from './lower-spatial.ts';
import type { StaticTensor } from './static-tensor.ts';

type Shape = readonly [number, number, number, number];

export function conv2d(node: GraphNode<'conv2d'>, planner: Planner): void {
  const [input, weight, bias] = node.inputs as [NodeId, NodeId, NodeId?];
  const tensor = staticWeight(node, weight, planner);
  const [outputs, , kernelHeight, kernelWidth] = planner.node(weight).shape as Shape;
  const kernel = [kernelHeight, kernelWidth] as const;
  const image = imageSizes(input, planner);
  const { channels } = image;
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
  const sizes = { ...image, outputs, kernel, stride, padding, dilation, groups };
  const isDepthwise = groups > 1 && groups === channels && groups === outputs;
  // A kernel per channel is so small that half precision would gain nothing.
  const weightType = tensor.type === 'f16' && !isDepthwise ? 'f16' : 'f32';
  const options = { ...ending.options, weightType } as const;
  const right = planner.upload(tensor, convolutionPacking(sizes, weightType));
  const device = planner.device.kernels;
  const made = planner.choose({
    kernel: 'convolution',
    sizes: { ...taskSizes(sizes), groups },
    weights: weightType,
    variants: convolutionVariants(sizes, device),
    usual: chooseConvolution(sizes, device),
    make: (variant) => convolution(sizes, { ...options, variant }, device),
  });
  planner.emit(node, made, {
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

export function convTranspose2d(node: GraphNode<'convTranspose2d'>, planner: Planner): void {
  const [input, weight, bias] = node.inputs as [NodeId, NodeId, NodeId?];
  const tensor = staticWeight(node, weight, planner);
  const [, outputs, kernelHeight, kernelWidth] = planner.node(weight).shape as Shape;
  const { stride } = node.attributes;
  const kernel = [kernelHeight, kernelWidth] as const;
  const sizes = { ...imageSizes(input, planner), outputs, kernel, stride };
  const ending = endingOf(node, bias, planner);
  const weightType = tensor.type === 'f16' ? 'f16' : 'f32';
  const options = { ...ending.options, weightType } as const;
  const right = planner.upload(tensor, transposedPacking(sizes, weightType));
  const device = planner.device.kernels;
  const made = planner.choose({
    kernel: 'transposedConvolution',
    sizes: taskSizes(sizes),
    weights: weightType,
    variants: transposedConvolutionVariants(sizes, device),
    usual: chooseTransposedConvolution(sizes, device),
    make: (variant) => transposedConvolution(sizes, { ...options, variant }, device),
  });
  planner.emit(node, made, {
    left: planner.dense(input),
    right,
    ...ending.operands,
    y: planner.result(node),
  });
}

function taskSizes({
  kernel: [kernelHeight, kernelWidth],
  stride: [strideHeight, strideWidth],
  ...image
}: TransposedConvolutionSizes): KernelTask<'transposedConvolution'>['sizes'] {
  const { batch, height, width, channels, outputs } = image;
  return {
    batch,
    height,
    width,
    channels,
    outputs,
    kernelHeight,
    kernelWidth,
    strideHeight,
    strideWidth,
  };
}

function transposedPacking(sizes: TransposedConvolutionSizes, type: 'f16' | 'f32'): Packing {
  const packed = packedTransposedSize(sizes);
  return {
    name: ['transposed convolution', type, ...packed, ...sizes.kernel, ...sizes.stride].join(' '),
    bytes: elementCount(packed) * (type === 'f16' ? 2 : 4),
    pack: (data) =>
      type === 'f16'
        ? packTransposedWeight(data.elements as Uint16Array<ArrayBuffer>, sizes)
        : packTransposedWeight(floats(data) as Float32Array<ArrayBuffer>, sizes),
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
