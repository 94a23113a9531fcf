import type { GraphNode } from '@samgpu/graph';
import { poolKernel, resizeKernel } from '@samgpu/kernels';

import type { Planner } from './planner.ts';

/** Sizes of an image in the order of its axes. */
export interface ImageSizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The sizes of an operand [n, h, w, c]. */
export function imageSizes(id: number, planner: Planner): ImageSizes {
  const [batch, height, width, channels] = planner.node(id).shape as [
    number,
    number,
    number,
    number,
  ];
  return { batch, height, width, channels };
}

export function resize(node: GraphNode<'resize'>, planner: Planner): void {
  const input = node.inputs[0]!;
  const [, outHeight, outWidth] = node.shape as [number, number, number, number];
  const kernel = resizeKernel(
    { ...imageSizes(input, planner), outHeight, outWidth, mode: node.attributes.mode },
    planner.device.kernels,
  );
  planner.emit(node, kernel, { x: planner.dense(input), y: planner.result(node) });
}

export function pool2d(node: GraphNode<'pool2d'>, planner: Planner): void {
  const input = node.inputs[0]!;
  const { kind, size, stride, padding } = node.attributes;
  const kernel = poolKernel(
    { ...imageSizes(input, planner), kind, size, stride, padding },
    planner.device.kernels,
  );
  planner.emit(node, kernel, { x: planner.dense(input), y: planner.result(node) });
}
