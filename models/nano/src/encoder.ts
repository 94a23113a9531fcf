import {
  add,
  attention,
  conv2d,
  gelu,
  layerNorm,
  linear,
  relu,
  reshape,
  resize,
  split,
  type Tensor,
  type Weights,
} from '@samgpu/graph';

import type { NanoConfig } from './config.ts';

const NORM = { epsilon: 1e-6 };

/** What the encoder makes of an image, at strides 16, 8 and 4. Shapes are for a side of 384. */
export interface NanoFeatures {
  readonly embedding: Tensor; // [1, 24, 24, 128]
  readonly features8: Tensor; // [1, 48, 48, 64]
  readonly features4: Tensor; // [1, 96, 96, 24]
}

/**
 * nano's image encoder: convolutions down to stride 16, a small transformer there, and two
 * lateral connections that bring finer features along for the decoder.
 *
 * @param image - `[1, size, size, 3]`, normalised, padded with 0 at the right and the bottom
 */
export function encodeImage(image: Tensor, w: Weights, config: NanoConfig): NanoFeatures {
  const [blocks4, blocks8] = config.residualBlocks;
  let x = relu(conv2d(image, w.at('stem1.conv'), { stride: 2, padding: 1 })); // [1, 192, 192, 32]
  x = relu(conv2d(x, w.at('stem2.conv'), { stride: 2, padding: 1 })); // [1, 96, 96, 48]
  for (let i = 0; i < blocks4; i++) {
    x = residualBlock(x, w.at(`s1.${i}`));
  }
  const x4 = x;
  x = relu(conv2d(x, w.at('down1.conv'), { stride: 2, padding: 1 })); // [1, 48, 48, 96]
  for (let i = 0; i < blocks8; i++) {
    x = residualBlock(x, w.at(`s2.${i}`));
  }
  const x8 = x;
  x = relu(conv2d(x, w.at('down2.conv'), { stride: 2, padding: 1 })); // [1, 24, 24, 192]
  for (let i = 0; i < config.transformerBlocks; i++) {
    x = transformerBlock(x, w.at(`vit.${i}`), config.transformerHeads);
  }
  const embedding = layerNorm(linear(x, w.at('neck')), w.at('neck_ln'), NORM);

  const features8 = lateral(x8, embedding, w, 8); // [1, 48, 48, 64]
  const features4 = lateral(x4, relu(features8), w, 4); // [1, 96, 96, 24]
  return { embedding, features8, features4 };
}

// relu(x + b(relu(a(x)))); batch norms are folded into the convolutions.
function residualBlock(x: Tensor, w: Weights): Tensor {
  const y = relu(conv2d(x, w.at('a.conv'), { padding: 1 }));
  return relu(add(x, conv2d(y, w.at('b.conv'), { padding: 1 })));
}

// The depthwise convolution is the only source of position.
function transformerBlock(x: Tensor, w: Weights, heads: number): Tensor {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  x = add(x, conv2d(x, w.at('pos'), { padding: 1, groups: channels }));
  x = reshape(x, [1, height * width, channels]);
  const qkv = linear(layerNorm(x, w.at('ln1'), NORM), w.at('qkv')); // [1, tokens, 3 * channels]
  const [q, k, v] = split(qkv, 2, 3) as [Tensor, Tensor, Tensor];
  x = add(x, linear(attention(q, k, v, { heads }), w.at('proj')));
  const hidden = gelu(linear(layerNorm(x, w.at('ln2'), NORM), w.at('fc1')));
  x = add(x, linear(hidden, w.at('fc2')));
  return reshape(x, [1, height, width, channels]);
}

function lateral(fine: Tensor, coarse: Tensor, w: Weights, stride: 4 | 8): Tensor {
  const [, height, width] = fine.shape as [number, number, number, number];
  const below = resize(conv2d(coarse, w.at(`top${stride}`)), [height, width], 'nearest');
  const sum = relu(add(conv2d(fine, w.at(`lat${stride}`)), below));
  return conv2d(sum, w.at(`out${stride}`), { padding: 1 });
}
