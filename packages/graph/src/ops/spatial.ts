import { GraphError } from '../graph-error.ts';
import type { PoolKind, ReduceKind, ResizeMode } from '../node.ts';
import {
  axisSize,
  expectFloat,
  expectNatural,
  expectPositive,
  expectRank,
  formatShape,
  resolveAxis,
} from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { type PerAxis, perAxis, perSide, windowCount } from './convolution.ts';

/**
 * Resamples an image to another size with half-pixel centres (align_corners = false) and without
 * antialiasing, as `torch.nn.functional.interpolate` does. Bicubic uses a = -0.75.
 *
 * @param x - `[n, height, width, c]`
 * @returns `[n, size[0], size[1], c]`
 */
export function resize(x: Tensor, size: PerAxis, mode: ResizeMode): Tensor {
  expectFloat('resize', 'x', x);
  expectRank('resize', 'x', x, 4);
  const [height, width] = perAxis(size);
  expectPositive('resize', 'size', [height, width]);
  return x.recorder.add('resize', [x], { mode }, [
    axisSize(x.shape, 0),
    height,
    width,
    axisSize(x.shape, 3),
  ]);
}

export interface PoolOptions {
  /** @defaultValue the window size */
  readonly stride?: PerAxis;
  /** @defaultValue 0 */
  readonly padding?: PerAxis | readonly [number, number, number, number];
}

function pool(kind: PoolKind, x: Tensor, size: PerAxis, options: PoolOptions): Tensor {
  const operation = kind === 'max' ? 'maxPool2d' : 'averagePool2d';
  expectFloat(operation, 'x', x);
  expectRank(operation, 'x', x, 4);
  const window = perAxis(size);
  const stride = perAxis(options.stride ?? size);
  const padding = perSide(options.padding ?? 0);
  expectPositive(operation, 'size', window);
  expectPositive(operation, 'stride', stride);
  expectNatural(operation, 'padding', padding);
  if (padding.some((side, index) => side >= window[index % 2 === 0 ? 0 : 1])) {
    throw new GraphError(
      operation,
      `padding is ${formatShape(padding)}, wanted less than the window's ${formatShape(window)}, so that no window lies in it entirely`,
    );
  }
  const rows = windowCount(operation, x, 1, window[0], stride[0], padding[0] + padding[2]);
  const columns = windowCount(operation, x, 2, window[1], stride[1], padding[1] + padding[3]);
  const shape = [axisSize(x.shape, 0), rows, columns, axisSize(x.shape, 3)];
  return x.recorder.add('pool2d', [x], { kind, size: window, stride, padding }, shape);
}

/** The largest element of each window of `[n, h, w, c]`; padding never wins. */
export function maxPool2d(x: Tensor, size: PerAxis, options: PoolOptions = {}): Tensor {
  return pool('max', x, size, options);
}

/** The mean of each window of `[n, h, w, c]`; padding does not count. */
export function averagePool2d(x: Tensor, size: PerAxis, options: PoolOptions = {}): Tensor {
  return pool('average', x, size, options);
}

export interface ReduceOptions {
  /** Leave reduced axes in place with size 1. @defaultValue false */
  readonly keepAxes?: boolean;
}

/** What the builders of reductions are called, for their messages. */
const REDUCE_BUILDERS: { readonly [Kind in ReduceKind]: string } = {
  sum: 'reduceSum',
  mean: 'reduceMean',
  max: 'reduceMax',
  min: 'reduceMin',
};

function reduce(
  kind: ReduceKind,
  x: Tensor,
  axes: number | readonly number[],
  { keepAxes = false }: ReduceOptions,
): Tensor {
  const operation = REDUCE_BUILDERS[kind];
  expectFloat(operation, 'x', x);
  const list = typeof axes === 'number' ? [axes] : axes;
  const resolved = [...new Set(list.map((axis) => resolveAxis(operation, x, axis)))].sort(
    (a, b) => a - b,
  );
  if (resolved.length === 0) {
    throw new GraphError(operation, `got no axes to reduce of ${formatShape(x.shape)}`);
  }
  const shape = keepAxes
    ? x.shape.map((size, axis) => (resolved.includes(axis) ? 1 : size))
    : x.shape.filter((_, axis) => !resolved.includes(axis));
  return x.recorder.add('reduce', [x], { kind, axes: resolved, keepAxes }, shape);
}

/** The sum along axes. */
export function reduceSum(
  x: Tensor,
  axes: number | readonly number[],
  options: ReduceOptions = {},
): Tensor {
  return reduce('sum', x, axes, options);
}

/** The mean along axes. */
export function reduceMean(
  x: Tensor,
  axes: number | readonly number[],
  options: ReduceOptions = {},
): Tensor {
  return reduce('mean', x, axes, options);
}

/** The largest element along axes. */
export function reduceMax(
  x: Tensor,
  axes: number | readonly number[],
  options: ReduceOptions = {},
): Tensor {
  return reduce('max', x, axes, options);
}

/** The smallest element along axes. */
export function reduceMin(
  x: Tensor,
  axes: number | readonly number[],
  options: ReduceOptions = {},
): Tensor {
  return reduce('min', x, axes, options);
}
