import {
  add,
  conv2d,
  type Conv2dOptions,
  foldBatchNorm,
  gelu,
  mul,
  reduceMean,
  relu,
  sigmoid,
  type Tensor,
  type Weights,
} from '@samgpu/graph';

import type { BlockConfig } from './config.ts';

/** A convolution and the batch norm behind it. */
export function normedConvolution(x: Tensor, w: Weights, options: Conv2dOptions = {}): Tensor {
  return conv2d(x, foldBatchNorm(w.at('c'), w.at('bn')), options);
}

/**
 * A block of RepViT (Wang et al., 2023, https://arxiv.org/abs/2307.09283): pixels mix first, each
 * channel by itself, then channels mix, each pixel by itself.
 *
 * @param x - `[n, height, width, channels]`
 * @returns `[n, height / stride, width / stride, config.width]`
 */
export function repVitBlock(x: Tensor, w: Weights, config: BlockConfig): Tensor {
  const mixed = mixPixels(x, w.at('token_mixer'), config);
  return add(mixed, mixChannels(mixed, w.at('channel_mixer.m')));
}

/** The first half of a block. Where it halves the map it also widens it. */
export function mixPixels(x: Tensor, w: Weights, { stride, squeeze }: BlockConfig): Tensor {
  const groups = x.shape[3] ?? 0;
  if (stride === 1) {
    const near = conv2d(x, joinBranches(w.at(0)), { padding: 1, groups });
    return squeeze ? weighChannels(near, w.at(1)) : near;
  }
  const near = normedConvolution(x, w.at(0), { stride, padding: 1, groups });
  return normedConvolution(squeeze ? weighChannels(near, w.at(1)) : near, w.at(2));
}

/** From one channel to twice as many and back. */
function mixChannels(x: Tensor, w: Weights): Tensor {
  return normedConvolution(gelu(normedConvolution(x, w.at(0))), w.at(2));
}

/** 1 in the middle of a kernel of 3 x 3. */
const MIDDLE: readonly number[] = [0, 0, 0, 0, 1, 0, 0, 0, 0];

/**
 * The three parallel ways through a block as one depthwise convolution: a kernel of 3 x 3, one of
 * 1 x 1 and the identity. All three are linear, so their sum is one kernel; the latter two act on its
 * middle. It is computed from weights alone, which backends do once, when they load the model.
 */
function joinBranches(w: Weights): { weight: Tensor; bias: Tensor } {
  const wide = foldBatchNorm(w.at('conv.c'), w.at('conv.bn')); // [channels, 1, 3, 3]
  const narrow = foldBatchNorm(w.at('conv1.c'), w.at('conv1.bn')); // [channels, 1, 1, 1]
  const middle = mul(add(narrow.weight, 1), w.constant(MIDDLE, [1, 1, 3, 3]));
  return { weight: add(wide.weight, middle), bias: add(wide.bias, narrow.bias) };
}

/** Weighs channels by what the whole map holds: squeeze-and-excite, Hu et al., 2017. */
function weighChannels(x: Tensor, w: Weights): Tensor {
  // Axis by axis: one float32 sum over all pixels of a large map would lose digits.
  const rows = reduceMean(x, 2, { keepAxes: true }); // [n, height, 1, channels]
  const whole = reduceMean(rows, 1, { keepAxes: true }); // [n, 1, 1, channels]
  const hidden = relu(conv2d(whole, w.at('fc1')));
  return mul(x, sigmoid(conv2d(hidden, w.at('fc2'))));
}
