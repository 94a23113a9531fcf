import type { GraphNode } from '../node.ts';
import { axisSize, elementCount, stridesOf } from '../shape.ts';
import { broadcastTo, emptyArray, type NumericArray, operand, walk } from './array.ts';

export function reshape(node: GraphNode<'reshape'>, inputs: readonly NumericArray[]): NumericArray {
  return { shape: node.shape, data: operand(inputs, 0).data };
}

export function transpose(
  node: GraphNode<'transpose'>,
  inputs: readonly NumericArray[],
): NumericArray {
  const x = operand(inputs, 0);
  const strides = stridesOf(x.shape);
  const steps = node.attributes.permutation.map((axis) => strides[axis] ?? 0);
  const result = emptyArray(node.shape);
  walk(node.shape, steps, 0, (target, source) => {
    result.data[target] = x.data[source] ?? 0;
  });
  return result;
}

export function slice(node: GraphNode<'slice'>, inputs: readonly NumericArray[]): NumericArray {
  const x = operand(inputs, 0);
  const strides = stridesOf(x.shape);
  const start = node.attributes.starts.reduce(
    (sum, position, axis) => sum + position * (strides[axis] ?? 0),
    0,
  );
  const result = emptyArray(node.shape);
  walk(node.shape, strides, start, (target, source) => {
    result.data[target] = x.data[source] ?? 0;
  });
  return result;
}

export function pad(node: GraphNode<'pad'>, inputs: readonly NumericArray[]): NumericArray {
  const x = operand(inputs, 0);
  const result = emptyArray(node.shape);
  result.data.fill(node.attributes.value);
  place(result, x, node.attributes.before);
  return result;
}

export function concat(node: GraphNode<'concat'>, inputs: readonly NumericArray[]): NumericArray {
  const { axis } = node.attributes;
  const result = emptyArray(node.shape);
  let position = 0;
  for (const part of inputs) {
    place(
      result,
      part,
      node.shape.map((_, index) => (index === axis ? position : 0)),
    );
    position += axisSize(part.shape, axis);
  }
  return result;
}

/** Writes a block into a larger array, its first element at `at`. */
function place(target: NumericArray, block: NumericArray, at: readonly number[]): void {
  const strides = stridesOf(target.shape);
  const start = at.reduce((sum, position, axis) => sum + position * (strides[axis] ?? 0), 0);
  walk(block.shape, strides, start, (source, position) => {
    target.data[position] = block.data[source] ?? 0;
  });
}

export function expand(node: GraphNode<'expand'>, inputs: readonly NumericArray[]): NumericArray {
  return { shape: node.shape, data: broadcastTo(operand(inputs, 0), node.shape) };
}

export function gather(node: GraphNode<'gather'>, inputs: readonly NumericArray[]): NumericArray {
  const table = operand(inputs, 0);
  const indices = operand(inputs, 1);
  const rows = axisSize(table.shape, 0);
  const width = elementCount(table.shape.slice(1));
  const result = emptyArray(node.shape);
  indices.data.forEach((index, position) => {
    const row = Math.min(Math.max(index, 0), rows - 1);
    result.data.set(table.data.subarray(row * width, (row + 1) * width), position * width);
  });
  return result;
}
