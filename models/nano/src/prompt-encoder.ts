import {
  add,
  cast,
  clamp,
  concat,
  conv2d,
  cos,
  div,
  equal,
  exp,
  floor,
  gather,
  gelu,
  greaterOrEqual,
  layerNorm,
  lessOrEqual,
  linear,
  matmul,
  mul,
  reduceMax,
  reshape,
  sin,
  slice,
  sub,
  type Tensor,
  type Weights,
  where,
} from '@samgpu/graph';
import { type PromptTensors, TokenLabel } from '@samgpu/variant';

import { STRIDE, type NanoConfig } from './config.ts';
import type { NanoFeatures } from './encoder.ts';

const NORM = { epsilon: 1e-6 };

/** Row of the label embedding that padding takes; the labels 0 to 3 are rows themselves. */
const PADDING_ROW = 4;

/** Width of a guide spot: exp(-distance² / 8), which is a Gaussian of 2 cells. */
const SPOT = -1 / 8;

/** Logits of a previous mask are clamped to this before the network sees them. */
const LOGIT_LIMIT = 15;

/** Stands for "no such corner" in a maximum over corners. */
const NOWHERE = -9e9;

/**
 * Random Fourier features of positions.
 *
 * @param positions - `[..., 2]`, x before y, 0 to 1 across the square input
 * @returns `[..., 128]`: the sines, then the cosines
 */
function fourier(positions: Tensor, w: Weights): Tensor {
  const angle = mul(matmul(sub(mul(positions, 2), 1), w.tensor('pe_gauss')), 2 * Math.PI);
  return concat([sin(angle), cos(angle)], -1);
}

/** The code of every cell of the embedding, row-major, `[1, cells, 128]`. */
export function encodeGrid(w: Weights, cells: number): Tensor {
  const centers: number[] = [];
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      centers.push((column + 0.5) / cells, (row + 0.5) / cells);
    }
  }
  return fourier(w.constant(centers, [1, cells * cells, 2]), w);
}

/**
 * One token per point or box corner: where it is, what it is, and for clicks the image features
 * that lie under it.
 *
 * @returns `[prompts, tokens, 128]`
 */
export function encodeTokens(
  { points, labels }: PromptTensors,
  features: NanoFeatures,
  w: Weights,
  { size }: NanoConfig,
): Tensor {
  const [prompts, tokens] = labels.shape as [number, number];
  const present = reshape(greaterOrEqual(labels, TokenLabel.exclude), [prompts, tokens, 1]);
  const position = fourier(div(add(points, 0.5), size), w);
  const row = where(greaterOrEqual(labels, 0), labels, PADDING_ROW);
  const kind = gather(w.tensor('label_embed'), cast(row, 'i32'));

  const inside = clamp(points, 0, size - 1);
  const underneath = concat(
    [
      featuresAt(features.embedding, inside, STRIDE.embedding),
      featuresAt(features.features4, inside, STRIDE.features4),
    ],
    -1,
  ); // [prompts, tokens, 152]
  const isClick = reshape(lessOrEqual(labels, TokenLabel.include), [prompts, tokens, 1]);
  const click = mul(linear(underneath, w.at('pt_feat')), mul(isClick, present));
  return add(add(mul(position, present), kind), click);
}

// map [1, h, w, c] and points [prompts, tokens, 2] -> [prompts, tokens, c]
function featuresAt(map: Tensor, points: Tensor, stride: number): Tensor {
  const [, height, width, channels] = map.shape as [number, number, number, number];
  const [prompts, tokens] = points.shape as [number, number];
  const cell = floor(div(points, stride));
  const index = add(mul(slice(cell, 2, 1, 2), width), slice(cell, 2, 0, 1));
  return gather(
    reshape(map, [height * width, channels]),
    cast(reshape(index, [prompts, tokens]), 'i32'),
  );
}

/**
 * The prompts drawn as maps beside the previous mask, brought down to the embedding's stride.
 *
 * @returns `[prompts, cells, cells, 128]`, to be added to the embedding
 */
export function encodeDense(prompts: PromptTensors, w: Weights, config: NanoConfig): Tensor {
  const side = config.size / STRIDE.features4;
  const count = prompts.labels.shape[0] ?? 0;
  const previous = mul(
    clamp(prompts.mask, -LOGIT_LIMIT, LOGIT_LIMIT),
    reshape(prompts.hasMask, [count, 1, 1, 1]),
  );
  let x = concat([previous, ...guideMaps(prompts, w, side)], 3); // [prompts, 96, 96, 4]
  x = gelu(layerNorm(conv2d(x, w.at('md1'), { stride: 2 }), w.at('md_ln1'), NORM));
  x = gelu(layerNorm(conv2d(x, w.at('md2'), { stride: 2 }), w.at('md_ln2'), NORM));
  x = conv2d(x, w.at('md3')); // [prompts, 24, 24, 128]
  const noMask = reshape(sub(1, prompts.hasMask), [count, 1, 1, 1]);
  return add(x, mul(w.tensor('no_mask'), noMask));
}

/** Spots at the clicks to include, spots at those to exclude, the filled box: [prompts, side, side, 1] each. */
function guideMaps({ points, labels }: PromptTensors, w: Weights, side: number): Tensor[] {
  const [prompts, tokens] = labels.shape as [number, number];
  const cells = Array.from({ length: side }, (_, index) => index);
  const columns = w.constant(cells, [1, 1, side]);
  const position = sub(div(add(points, 0.5), STRIDE.features4), 0.5); // in cells
  const x = slice(position, 2, 0, 1); // [prompts, tokens, 1]
  const y = slice(position, 2, 1, 2);

  // exp(-(dx² + dy²) / 8) is a product of one factor per axis.
  const squared = (distance: Tensor): Tensor => mul(distance, distance);
  const alongX = exp(mul(squared(sub(columns, x)), SPOT)); // [prompts, tokens, side]
  const alongY = exp(mul(squared(sub(columns, y)), SPOT));
  const spots = (label: number): Tensor => {
    const chosen = mul(alongY, reshape(equal(labels, label), [prompts, tokens, 1]));
    const product = mul(
      reshape(chosen, [prompts, tokens, side, 1]),
      reshape(alongX, [prompts, tokens, 1, side]),
    );
    return reshape(reduceMax(product, 1), [prompts, side, side, 1]);
  };

  const corner = (label: number, coordinate: Tensor): Tensor =>
    reduceMax(where(reshape(equal(labels, label), [prompts, tokens, 1]), coordinate, NOWHERE), 1, {
      keepAxes: true,
    }); // [prompts, 1, 1]
  const within = (coordinate: Tensor): Tensor =>
    mul(
      greaterOrEqual(columns, sub(corner(TokenLabel.boxTopLeft, coordinate), 0.5)),
      lessOrEqual(columns, add(corner(TokenLabel.boxBottomRight, coordinate), 0.5)),
    ); // [prompts, 1, side]
  const box = mul(
    reshape(within(y), [prompts, side, 1, 1]),
    reshape(within(x), [prompts, 1, side, 1]),
  );
  return [spots(TokenLabel.include), spots(TokenLabel.exclude), box];
}
