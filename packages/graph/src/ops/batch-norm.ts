import { GraphError } from '../graph-error.ts';
import { axisSize, expectAxis, expectRank } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import type { Weights } from '../weights.ts';
import type { ConvolutionWeights } from './convolution.ts';
import { add, div, mul, sqrt, sub } from './elementwise.ts';
import { reshape } from './layout.ts';

export interface BatchNormOptions {
  /** Added to the variance. @defaultValue 1e-5, as in PyTorch */
  readonly epsilon?: number;
}

/** What a batch norm does once it is trained: one factor and one shift per channel. */
interface ScaleAndShift {
  readonly scale: Tensor; // [channels]
  readonly shift: Tensor; // [channels]
}

function scaleAndShift(norm: Weights, { epsilon = 1e-5 }: BatchNormOptions): ScaleAndShift {
  const variance = norm.tensor('running_var');
  expectRank('batchNorm', 'running_var', variance, 1);
  const scale = div(norm.tensor('weight'), sqrt(add(variance, epsilon)));
  return { scale, shift: sub(norm.tensor('bias'), mul(norm.tensor('running_mean'), scale)) };
}

/**
 * Batch normalisation with stored statistics, over the last axis.
 *
 * Behind a convolution use `foldBatchNorm`, which costs nothing at run time.
 *
 * @param x - `[..., channels]`
 * @param norm - the place of `weight`, `bias`, `running_mean` and `running_var`, `[channels]` each
 */
export function batchNorm(x: Tensor, norm: Weights, options: BatchNormOptions = {}): Tensor {
  const { scale, shift } = scaleAndShift(norm, options);
  expectAxis('batchNorm', 'weight', scale, 0, axisSize(x.shape, -1), 'the last axis of x');
  return add(mul(x, scale), shift);
}

/**
 * The weights of a convolution with the batch norm behind it folded in.
 *
 * They are computed from weights alone, so backends compute them once, when they load the model.
 *
 * @param convolution - weight `[out, in / groups, kernelHeight, kernelWidth]`
 * @param norm - the place of the norm's tensors, `[out]` each
 */
export function foldBatchNorm(
  { weight, bias }: ConvolutionWeights,
  norm: Weights,
  options: BatchNormOptions = {},
): { weight: Tensor; bias: Tensor } {
  const { scale, shift } = scaleAndShift(norm, options);
  const channels = axisSize(scale.shape, 0);
  if (weight.shape.length !== 4) {
    throw new GraphError('foldBatchNorm', `weight has ${weight.shape.length} axes, wanted 4`);
  }
  expectAxis('foldBatchNorm', 'weight', weight, 0, channels, 'the channels of the norm');
  return {
    weight: mul(weight, reshape(scale, [channels, 1, 1, 1])),
    bias: bias === undefined ? shift : add(mul(bias, scale), shift),
  };
}
