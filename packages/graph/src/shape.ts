import { GraphError } from './graph-error.ts';
import type { Tensor } from './tensor.ts';

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** Distance in elements between neighbours along each axis of a dense row-major tensor. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** The size of an axis that is known to exist. Negative axes count from the end. */
export function axisSize(shape: readonly number[], axis: number): number {
  const size = shape.at(axis);
  if (size === undefined) {
    throw new RangeError(`axis ${axis} does not exist in ${formatShape(shape)}`);
  }
  return size;
}

/** Turns an axis that may count from the end into one that counts from the start. */
export function resolveAxis(operation: string, tensor: Tensor, axis: number): number {
  const rank = tensor.shape.length;
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank) {
    const wanted = rank === 0 ? 'but x is a scalar' : `wanted -${rank} to ${rank - 1}`;
    throw new GraphError(
      operation,
      `axis ${axis} does not exist in x ${formatShape(tensor.shape)}, ${wanted}`,
    );
  }
  return resolved;
}

/** The size of the last axis of an operand that needs to have one. */
export function lastAxisSize(operation: string, name: string, tensor: Tensor): number {
  const size = tensor.shape.at(-1);
  if (size === undefined) {
    throw new GraphError(operation, `${name} is a scalar, wanted at least 1 axis`);
  }
  return size;
}

/** Checks the sizes of a shape or a setting such as a stride: none of them is zero. */
export function expectPositive(operation: string, name: string, sizes: readonly number[]): void {
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw new GraphError(
      operation,
      `${name} is ${formatShape(sizes)}, wanted positive whole numbers`,
    );
  }
}

/** Checks a setting such as a padding: zero is fine. */
export function expectNatural(operation: string, name: string, sizes: readonly number[]): void {
  if (!sizes.every((size) => Number.isInteger(size) && size >= 0)) {
    throw new GraphError(
      operation,
      `${name} is ${formatShape(sizes)}, wanted whole numbers from 0`,
    );
  }
}

export function expectRank(operation: string, name: string, tensor: Tensor, rank: number): void {
  if (tensor.shape.length !== rank) {
    throw new GraphError(
      operation,
      `${name} has ${tensor.shape.length} axes ${formatShape(tensor.shape)}, wanted ${rank}`,
    );
  }
}

/** Checks one axis. `wanted` is followed by `why` in the message: `wanted 8, the width of x`. */
export function expectAxis(
  operation: string,
  name: string,
  tensor: Tensor,
  axis: number,
  wanted: number,
  why: string,
): void {
  const got = axisSize(tensor.shape, axis);
  if (got !== wanted) {
    const position = axis < 0 ? axis + tensor.shape.length : axis;
    throw new GraphError(
      operation,
      `${name} has ${got} at axis ${position} of ${formatShape(tensor.shape)}, wanted ${wanted}, ${why}`,
    );
  }
}

export function expectFloat(operation: string, name: string, tensor: Tensor): void {
  if (tensor.dtype !== 'f32') {
    throw new GraphError(
      operation,
      `${name} is ${tensor.dtype}, wanted f32; use cast(${name}, 'f32')`,
    );
  }
}

/** The shape two operands broadcast to, by NumPy's rule. */
export function broadcastShapes(
  operation: string,
  a: readonly number[],
  b: readonly number[],
): number[] {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = -rank; axis < 0; axis++) {
    const left = a.at(axis) ?? 1;
    const right = b.at(axis) ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new GraphError(
        operation,
        `${formatShape(a)} and ${formatShape(b)} do not broadcast: axis ${axis} is ${left} and ${right}, wanted equal sizes or 1`,
      );
    }
    shape.push(left === 1 ? right : left);
  }
  return shape;
}
