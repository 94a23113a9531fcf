/**
 * Convolutions whose windows do not overlap are products of matrices: each patch is a row.
 *
 * With channels last, patches are cut out and put back by moving whole rows of pixels, so an image
 * that is traced this way need not be brought to channels first and back. 1x1 convolutions are the
 * case in which nothing has to be moved at all.
 */
import { elementCount, type Graph, type GraphNode, nodeAt } from '@samgpu/graph';
import type { Lowered, Lowering } from './lowering.ts';

/** Whether windows of a convolution lie side by side and cover x. */
export function isPatchwise(node: GraphNode<'conv2d'>, graph: Graph): boolean {
  const { stride, padding, groups } = node.attributes;
  const [x, weight] = node.inputs.map((id) => nodeAt(graph.nodes, id).shape);
  const [, height = 0, width = 0] = x ?? [];
  const [, , kernelHeight, kernelWidth] = weight ?? [];
  return (
    groups === 1 &&
    padding.every((size) => size === 0) &&
    kernelHeight === stride[0] &&
    kernelWidth === stride[1] &&
    height % stride[0] === 0 &&
    width % stride[1] === 0
  );
}

export function patchwiseConvolution(node: GraphNode<'conv2d'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const [batch = 1, outHeight = 1, outWidth = 1, out = 1] = node.shape;
  const [, channels = 1, height = 1, width = 1] = lowering.shapeOf(node, 1);
  const rows = batch * outHeight * outWidth;
  const patch = height * width * channels;
  let x = lowering.operand(node, 0);
  if (height > 1) {
    const bands = builder.list([batch * outHeight, height, outWidth, width * channels]);
    x = lowering.emit(node, 'Reshape', [x, bands]);
    x = lowering.emit(node, 'Transpose', [x], SWAP_MIDDLE);
  }
  x = lowering.emit(node, 'Reshape', [x, builder.list([rows, patch])]);
  const weight = kernelsLast(node, lowering, [out, patch]);
  const product = lowering.emit(node, 'Gemm', [x, weight, ...lowering.weights(node).slice(1)], {
    transB: { integer: 1 },
  });
  return {
    name: lowering.emit(node, 'Reshape', [product, builder.list(node.shape)]),
    layout: 'traced',
  };
}

/** Whether no two input pixels add to the same output pixel, and none is left without. */
export function isTiling(node: GraphNode<'convTranspose2d'>, graph: Graph): boolean {
  const [, , height, width] = nodeAt(graph.nodes, node.inputs[1] ?? -1).shape;
  return height === node.attributes.stride[0] && width === node.attributes.stride[1];
}

export function tilingConvolution(node: GraphNode<'convTranspose2d'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const [batch = 1, inHeight = 1, inWidth = 1, channels = 1] = lowering.shapeOf(node, 0);
  const [, out = 1, height = 1, width = 1] = lowering.shapeOf(node, 1);
  const rows = batch * inHeight * inWidth;
  const flat = builder.list([rows, channels]);
  const x = lowering.emit(node, 'Reshape', [lowering.operand(node, 0), flat]);
  const inputs = [x, kernelsLast(node, lowering, [channels, height * width * out])];
  if (node.attributes.bias) {
    // Once for every pixel of a tile.
    const repeated = new Array<string>(height * width).fill(lowering.operand(node, 2));
    inputs.push(lowering.emit(node, 'Concat', repeated, { axis: { integer: 0 } }));
  }
  let name = lowering.emit(node, 'Gemm', inputs);
  if (height > 1) {
    const tiles = builder.list([batch * inHeight, inWidth, height, width * out]);
    name = lowering.emit(node, 'Reshape', [name, tiles]);
    name = lowering.emit(node, 'Transpose', [name], SWAP_MIDDLE);
  }
  return {
    name: lowering.emit(node, 'Reshape', [name, builder.list(node.shape)]),
    layout: 'traced',
  };
}

const SWAP_MIDDLE = { perm: { integers: [0, 2, 1, 3] } };

/** The weight [a, b, height, width] as a matrix [a, height * width * b]. */
function kernelsLast(
  node: GraphNode<'conv2d' | 'convTranspose2d'>,
  lowering: Lowering,
  matrix: readonly number[],
): string {
  const shape = lowering.shapeOf(node, 1);
  const weight = lowering.operand(node, 1);
  const moved =
    elementCount(shape.slice(2)) === 1
      ? weight
      : lowering.emit(node, 'Transpose', [weight], { perm: { integers: [0, 2, 3, 1] } });
  return lowering.emit(node, 'Reshape', [moved, lowering.builder.list(matrix)]);
}
