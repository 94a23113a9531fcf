import {
  add,
  cast,
  concat,
  conv2d,
  cos,
  div,
  gather,
  gelu,
  greaterOrEqual,
  layerNorm,
  matmul,
  maximum,
  mul,
  reshape,
  sin,
  sub,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import { type PromptTensors, TokenLabel } from '@samgpu/variant';

const NORM = { epsilon: 1e-6 };

/**
 * Random Fourier features of positions (`PositionEmbeddingRandom` in prompt_encoder.py).
 *
 * @param positions - `[..., 2]`, x before y, 0 to 1 across the square input
 * @param w - the place of `pe_layer`
 * @returns `[..., 256]`: the sines, then the cosines
 */
export function encodePositions(positions: Tensor, w: Weights): Tensor {
  const gaussian = w.tensor('pe_layer.positional_encoding_gaussian_matrix');
  const angle = mul(matmul(sub(mul(positions, 2), 1), gaussian), 2 * Math.PI);
  return concat([sin(angle), cos(angle)], -1);
}

/** The code of every cell of a map, row-major, `[1, height * width, 256]`. */
export function encodeGrid(w: Weights, height: number, width: number): Tensor {
  const centers: number[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      centers.push((column + 0.5) / width, (row + 0.5) / height);
    }
  }
  return encodePositions(w.constant(centers, [1, height * width, 2]), w);
}

/**
 * One token per point or box corner: where it is and what it is.
 *
 * Points are in pixels of the square input. They are moved by half a pixel, to its centre, here.
 *
 * @returns `[prompts, tokens, 256]`
 */
export function encodeTokens(
  { points, labels }: Pick<PromptTensors, 'points' | 'labels'>,
  w: Weights,
  imageSize: number,
): Tensor {
  const [prompts, tokens] = labels.shape as [number, number];
  const somewhere = reshape(greaterOrEqual(labels, TokenLabel.exclude), [prompts, tokens, 1]);
  const position = encodePositions(div(add(points, 0.5), imageSize), w);
  const kinds = concat(
    [
      w.tensor('not_a_point_embed.weight'),
      // Some conversions of checkpoints hold the four in one.
      ...(w.has('point_embeddings.weight')
        ? [w.tensor('point_embeddings.weight')]
        : [0, 1, 2, 3].map((label) => w.tensor(`point_embeddings.${label}.weight`))),
    ],
    0,
  ); // [5, 256]: row label + 1
  const row = maximum(sub(labels, TokenLabel.padding), 0);
  return add(mul(position, somewhere), gather(kinds, cast(row, 'i32')));
}

/**
 * The previous mask brought to the embedding's size, or what stands for no mask.
 *
 * @returns `[prompts, height, width, 256]`, to be added to the embedding
 */
export function encodeDense(
  { mask, hasMask }: Pick<PromptTensors, 'mask' | 'hasMask'>,
  w: Weights,
): Tensor {
  const prompts = hasMask.shape[0] ?? 0;
  const given = reshape(hasMask, [prompts, 1, 1, 1]);
  const encoded = downscaleMask(mask, w.at('mask_downscaling'));
  return add(mul(encoded, given), mul(w.at('no_mask_embed').weight, sub(1, given)));
}

/** `[prompts, 4 h, 4 w, 1]` logits to `[prompts, h, w, 256]`. */
export function downscaleMask(mask: Tensor, w: Weights): Tensor {
  let x = gelu(layerNorm(conv2d(mask, w.at('0'), { stride: 2 }), w.at('1'), NORM));
  x = gelu(layerNorm(conv2d(x, w.at('3'), { stride: 2 }), w.at('4'), NORM));
  return conv2d(x, w.at('6'));
}
