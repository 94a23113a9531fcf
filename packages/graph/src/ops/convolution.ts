import { GraphError } from '../graph-error.ts';
import {
  axisSize,
  expectAxis,
  expectFloat,
  expectNatural,
  expectPositive,
  expectRank,
  formatShape,
} from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export interface ConvolutionWeights {
  readonly weight: Tensor;
  readonly bias?: Tensor | undefined;
}

/** One number for both axes, or one for height and one for width. */
export type PerAxis = number | readonly [height: number, width: number];

export interface Conv2dOptions {
  /** @defaultValue 1 */
  readonly stride?: PerAxis;
  /** Zeros on each side; four numbers are top, left, bottom, right. @defaultValue 0 */
  readonly padding?: PerAxis | readonly [number, number, number, number];
  /** @defaultValue 1 */
  readonly dilation?: PerAxis;
  /** `in` for a depthwise convolution. @defaultValue 1 */
  readonly groups?: number;
}

/**
 * Two-dimensional convolution (cross-correlation, as in PyTorch).
 *
 * @param x - `[n, height, width, in]`
 * @param weights - weight `[out, in / groups, kernelHeight, kernelWidth]`, bias `[out]`
 * @returns `[n, outHeight, outWidth, out]`
 */
export function conv2d(
  x: Tensor,
  { weight, bias }: ConvolutionWeights,
  options: Conv2dOptions = {},
): Tensor {
  const stride = perAxis(options.stride ?? 1);
  const dilation = perAxis(options.dilation ?? 1);
  const padding = perSide(options.padding ?? 0);
  const groups = options.groups ?? 1;

  expectFloat('conv2d', 'x', x);
  expectRank('conv2d', 'x', x, 4);
  expectFloat('conv2d', 'weight', weight);
  expectRank('conv2d', 'weight', weight, 4);
  expectPositive('conv2d', 'stride', stride);
  expectPositive('conv2d', 'dilation', dilation);
  expectPositive('conv2d', 'groups', [groups]);
  expectNatural('conv2d', 'padding', padding);
  const channels = axisSize(x.shape, 3);
  const out = axisSize(weight.shape, 0);
  if (channels % groups !== 0 || out % groups !== 0) {
    throw new GraphError(
      'conv2d',
      `groups = ${groups} does not divide ${channels} input and ${out} output channels`,
    );
  }
  expectAxis('conv2d', 'weight', weight, 1, channels / groups, 'the channels of x per group');
  const operands = [x, weight];
  if (bias !== undefined) {
    expectFloat('conv2d', 'bias', bias);
    expectRank('conv2d', 'bias', bias, 1);
    expectAxis('conv2d', 'bias', bias, 0, out, 'the output channels of weight');
    operands.push(bias);
  }
  const spatial = ([0, 1] as const).map((axis) => {
    const extent = dilation[axis] * (axisSize(weight.shape, 2 + axis) - 1) + 1;
    return windowCount(
      'conv2d',
      x,
      1 + axis,
      extent,
      stride[axis],
      axis === 0 ? padding[0] + padding[2] : padding[1] + padding[3],
    );
  });
  return x.recorder.add(
    'conv2d',
    operands,
    { stride, padding, dilation, groups, bias: bias !== undefined },
    [axisSize(x.shape, 0), ...spatial, out],
  );
}

export interface ConvTranspose2dOptions {
  /** @defaultValue 1 */
  readonly stride?: PerAxis;
}

/**
 * Transposed convolution without padding: every input pixel adds a kernel to the output.
 *
 * @param x - `[n, height, width, in]`
 * @param weights - weight `[in, out, kernelHeight, kernelWidth]`, bias `[out]`
 * @returns `[n, (height - 1) * stride + kernelHeight, …, out]`
 */
export function convTranspose2d(
  x: Tensor,
  { weight, bias }: ConvolutionWeights,
  options: ConvTranspose2dOptions = {},
): Tensor {
  const stride = perAxis(options.stride ?? 1);
  expectFloat('convTranspose2d', 'x', x);
  expectRank('convTranspose2d', 'x', x, 4);
  expectFloat('convTranspose2d', 'weight', weight);
  expectRank('convTranspose2d', 'weight', weight, 4);
  expectPositive('convTranspose2d', 'stride', stride);
  expectAxis('convTranspose2d', 'weight', weight, 0, axisSize(x.shape, 3), 'the channels of x');
  const out = axisSize(weight.shape, 1);
  const operands = [x, weight];
  if (bias !== undefined) {
    expectFloat('convTranspose2d', 'bias', bias);
    expectRank('convTranspose2d', 'bias', bias, 1);
    expectAxis('convTranspose2d', 'bias', bias, 0, out, 'the output channels of weight');
    operands.push(bias);
  }
  const spatial = ([0, 1] as const).map(
    (axis) => (axisSize(x.shape, 1 + axis) - 1) * stride[axis] + axisSize(weight.shape, 2 + axis),
  );
  return x.recorder.add('convTranspose2d', operands, { stride, bias: bias !== undefined }, [
    axisSize(x.shape, 0),
    ...spatial,
    out,
  ]);
}

/** How many windows of `extent` fit along an axis of x, padded and strided. */
export function windowCount(
  operation: string,
  x: Tensor,
  axis: number,
  extent: number,
  stride: number,
  padding: number,
): number {
  const room = axisSize(x.shape, axis) + padding - extent;
  if (room < 0) {
    throw new GraphError(
      operation,
      `x has ${axisSize(x.shape, axis)} (+${padding} padding) at axis ${axis} of ${formatShape(x.shape)}, wanted at least the kernel's ${extent}`,
    );
  }
  return Math.floor(room / stride) + 1;
}

export function perAxis(value: PerAxis): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

/** Top, left, bottom, right. */
export function perSide(
  value: PerAxis | readonly [number, number, number, number],
): readonly [number, number, number, number] {
  if (typeof value === 'number') {
    return [value, value, value, value];
  }
  return value.length === 4 ? value : [value[0], value[1], value[0], value[1]];
}
