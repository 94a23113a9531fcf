import {
  add,
  convTranspose2d,
  div,
  gelu,
  mul,
  reduceMean,
  sqrt,
  sub,
  type Tensor,
  type Weights,
} from '@samgpu/graph';

const EPSILON = 1e-5;

/**
 * `[prompts, h, w, 256]` to `[prompts, 4 h, 4 w, 32]`.
 *
 * @param w - the place of `final_output_upscaling_layers`
 */
export function upscale(map: Tensor, w: Weights): Tensor {
  const x = gelu(mapNorm(convTranspose2d(map, w.at('0.0'), { stride: 2 }), w.at('0.1')));
  return gelu(convTranspose2d(x, w.at('1.0'), { stride: 2 }));
}

/**
 * Normalises each whole map, all of its pixels and channels together, then scales and shifts each
 * channel (`GroupNorm` with one group).
 */
function mapNorm(x: Tensor, w: Weights): Tensor {
  const centered = sub(x, mapMean(x));
  const deviation = sqrt(add(mapMean(mul(centered, centered)), EPSILON));
  return add(mul(div(centered, deviation), w.weight), w.tensor('bias'));
}

/**
 * The mean of each map, `[n, 1, 1, 1]`.
 *
 * Axis by axis: one sum over a million values would lose digits and occupy a single workgroup.
 */
function mapMean(x: Tensor): Tensor {
  return [3, 2, 1].reduce((mean, axis) => reduceMean(mean, axis, { keepAxes: true }), x);
}
