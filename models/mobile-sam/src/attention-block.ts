import {
  add,
  gather,
  gelu,
  gridAttention,
  layerNorm,
  linear,
  reshape,
  split,
  type Tensor,
  transpose,
  type Weights,
} from '@samgpu/graph';

import { depthwiseConvolution } from './convolution-blocks.ts';

/** How a block attends. */
export interface WindowAttention {
  readonly heads: number;
  /** Side of the square windows. */
  readonly window: number;
}

/** A block that attends within windows (`TinyViTBlock` of tiny_vit_sam.py). `[1, h, w, c]` */
export function attentionBlock(x: Tensor, w: Weights, attention: WindowAttention): Tensor {
  x = add(x, windowAttention(x, w.at('attn'), attention));
  x = depthwiseConvolution(x, w.at('local_conv'));
  const mlp = w.at('mlp');
  const hidden = gelu(linear(layerNorm(x, mlp.at('norm')), mlp.at('fc1')));
  return add(x, linear(hidden, mlp.at('fc2')));
}

/** Attention within windows, with a learned bias for every distance, and the norm before it. */
export function windowAttention(
  x: Tensor, // [1, height, width, channels]
  w: Weights,
  { heads, window }: WindowAttention,
): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const norm = w.at('norm');
  const layer = groupedByPart(w.at('qkv'), heads);
  const tokens = reshape(x, [batch, height * width, channels]);
  const [query, key, value] = parts(linear(layerNorm(tokens, norm), layer)); // [1, tokens, c] each
  // The official code fills windows up with zeros before the norm, which turns them into its bias.
  const filling = linear(reshape(norm.tensor('bias'), [1, channels]), layer);
  const [, keyPadding, valuePadding] = parts(reshape(filling, [3 * channels]));
  const mixed = gridAttention(query, key, value, {
    heads,
    grid: [height, width],
    window: [window, window],
    bias: distanceBias(w, window),
    padding: { key: keyPadding, value: valuePadding },
  });
  return reshape(linear(mixed, w.at('proj')), [batch, height, width, channels]);
}

function parts(qkv: Tensor): [Tensor, Tensor, Tensor] {
  return split(qkv, -1, 3) as [Tensor, Tensor, Tensor];
}

/**
 * The layer of query, key and value. Checkpoints hold the three of the first head, then those of
 * the second; here come the queries of all heads first.
 */
function groupedByPart(w: Weights, heads: number): { weight: Tensor; bias: Tensor } {
  const [outputs, inputs] = w.weight.shape as [number, number];
  const width = outputs / heads / 3;
  const grouped = (tensor: Tensor, inner: number): Tensor =>
    transpose(reshape(tensor, [heads, 3, inner]), [1, 0, 2]);
  return {
    weight: reshape(grouped(w.weight, width * inputs), [outputs, inputs]),
    bias: reshape(grouped(w.tensor('bias'), width), [outputs]),
  };
}

/**
 * What each head adds to the score of two positions of a window, `[heads, positions, positions]`.
 *
 * The checkpoint has one number for every distance, down times `window` plus across.
 */
export function distanceBias(w: Weights, window: number): Tensor {
  const positions = window * window;
  const distances: number[] = [];
  for (let query = 0; query < positions; query++) {
    for (let key = 0; key < positions; key++) {
      const down = Math.abs(Math.floor(query / window) - Math.floor(key / window));
      const across = Math.abs((query % window) - (key % window));
      distances.push(down * window + across);
    }
  }
  const table = transpose(w.tensor('attention_biases'), [1, 0]); // [distances, heads]
  const at = w.constant(distances, [positions, positions], 'i32');
  return transpose(gather(table, at), [2, 0, 1]);
}
