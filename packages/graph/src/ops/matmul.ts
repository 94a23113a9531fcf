import { GraphError } from '../graph-error.ts';
import {
  axisSize,
  broadcastShapes,
  expectAxis,
  expectFloat,
  expectRank,
  formatShape,
  lastAxisSize,
} from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export interface MatmulOptions {
  /** b is given as [..., n, k]. @defaultValue false */
  readonly transposeB?: boolean;
}

/**
 * Matrix product over the last two axes; leading axes broadcast.
 *
 * @param a - `[..., m, k]`
 * @param b - `[..., k, n]`, or `[..., n, k]` with `transposeB`
 * @returns `[..., m, n]`
 */
export function matmul(a: Tensor, b: Tensor, { transposeB = false }: MatmulOptions = {}): Tensor {
  expectFloat('matmul', 'a', a);
  expectFloat('matmul', 'b', b);
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new GraphError(
      'matmul',
      `got ${formatShape(a.shape)} and ${formatShape(b.shape)}, wanted at least 2 axes each`,
    );
  }
  expectAxis('matmul', 'b', b, transposeB ? -1 : -2, axisSize(a.shape, -1), 'the last axis of a');
  const leading = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...leading, axisSize(a.shape, -2), axisSize(b.shape, transposeB ? -2 : -1)];
  return a.recorder.add('matmul', [a, b], { transposeB }, shape);
}

/** Weights of a layer with or without bias; `Weights` from a checkpoint fits. */
export interface LinearWeights {
  readonly weight: Tensor; // [out, in]
  readonly bias?: Tensor | undefined; // [out]
}

/**
 * A fully connected layer, x · weightᵀ + bias.
 *
 * @param x - `[..., in]`
 * @returns `[..., out]`
 */
export function linear(x: Tensor, { weight, bias }: LinearWeights): Tensor {
  expectFloat('linear', 'x', x);
  expectFloat('linear', 'weight', weight);
  expectRank('linear', 'weight', weight, 2);
  const width = lastAxisSize('linear', 'x', x);
  expectAxis('linear', 'weight', weight, 1, width, 'the last axis of x');
  const out = axisSize(weight.shape, 0);
  const operands = [x, weight];
  if (bias !== undefined) {
    expectFloat('linear', 'bias', bias);
    expectRank('linear', 'bias', bias, 1);
    expectAxis('linear', 'bias', bias, 0, out, 'the rows of weight');
    operands.push(bias);
  }
  const shape = [...x.shape.slice(0, -1), out];
  return x.recorder.add('linear', operands, { bias: bias !== undefined }, shape);
}
