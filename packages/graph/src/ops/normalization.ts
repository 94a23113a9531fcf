import { recordConstant } from '../constant.ts';
import { GraphError } from '../graph-error.ts';
import { expectAxis, expectFloat, expectRank, lastAxisSize } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export interface LayerNormWeights {
  readonly weight: Tensor; // [width]
  readonly bias?: Tensor | undefined; // [width]
}

export interface LayerNormOptions {
  /** Added to the variance. SAM's image encoder uses 1e-6. @defaultValue 1e-5, as in PyTorch */
  readonly epsilon?: number;
}

/**
 * Normalises the last axis to zero mean and unit variance, then scales and shifts it.
 *
 * On `[n, h, w, c]` this is SAM's LayerNorm2d.
 *
 * @param x - `[..., width]`
 * @returns the shape of x
 */
export function layerNorm(
  x: Tensor,
  { weight, bias }: LayerNormWeights,
  { epsilon = 1e-5 }: LayerNormOptions = {},
): Tensor {
  expectFloat('layerNorm', 'x', x);
  const width = lastAxisSize('layerNorm', 'x', x);
  if (!(epsilon >= 0)) {
    throw new GraphError('layerNorm', `epsilon is ${epsilon}, wanted a number from 0`);
  }
  expectFloat('layerNorm', 'weight', weight);
  expectRank('layerNorm', 'weight', weight, 1);
  expectAxis('layerNorm', 'weight', weight, 0, width, 'the last axis of x');
  const shift = bias ?? recordConstant(x.recorder, new Float64Array(width), [width], 'f32');
  expectFloat('layerNorm', 'bias', shift);
  expectRank('layerNorm', 'bias', shift, 1);
  expectAxis('layerNorm', 'bias', shift, 0, width, 'the last axis of x');
  return x.recorder.add('layerNorm', [x, weight, shift], { epsilon }, x.shape);
}

/** exp(x) over its sum along the last axis. */
export function softmax(x: Tensor): Tensor {
  expectFloat('softmax', 'x', x);
  lastAxisSize('softmax', 'x', x);
  return x.recorder.add('softmax', [x], {}, x.shape);
}
