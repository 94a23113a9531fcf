import {
  add,
  attention,
  conv2d,
  gelu,
  layerNorm,
  linear,
  reshape,
  resize,
  slice,
  split,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import { neck } from '@samgpu/sam';

import type { ImageEncoderConfig } from './config.ts';

/** Side of a patch in pixels. */
export const PATCH = 16;
/** Side of the map that positions are stored for, in patches: the network began with 224 pixels. */
export const STORED_SIDE = 14;
const NORM = { epsilon: 1e-6 };

/**
 * EfficientSAM's image encoder: a plain ViT in which everything attends to everything, then SAM's
 * neck (efficient_sam/efficient_sam_encoder.py).
 *
 * @param image - `[1, size, size, 3]`, normalised
 * @param w - the place of the checkpoint's `image_encoder`
 * @returns `[1, size / 16, size / 16, 256]`
 */
export function encodeImage(image: Tensor, w: Weights, config: ImageEncoderConfig): Tensor {
  const map = embedPatches(image, w);
  const [batch, height, width, channels] = map.shape as [number, number, number, number];
  let x = reshape(map, [batch, height * width, channels]);
  for (let i = 0; i < config.depth; i++) {
    x = transformerBlock(x, w.at(`blocks.${i}`), config.heads);
  }
  return neck(reshape(x, [batch, height, width, channels]), w.at('neck'));
}

/** One token per patch, and where it is: `[1, size / 16, size / 16, width]`. */
export function embedPatches(image: Tensor, w: Weights): Tensor {
  const patches = conv2d(image, w.at('patch_embed.proj'), { stride: PATCH });
  const [, height, width] = patches.shape as [number, number, number, number];
  return add(patches, positions(w.tensor('pos_embed'), height, width));
}

/** Stored positions at another size. Known from weights alone, so backends resize them only once. */
function positions(
  stored: Tensor, // [1, 1 + STORED_SIDE², channels]
  height: number,
  width: number,
): Tensor {
  // The first entry was the class token's, which this network does without.
  const map = reshape(slice(stored, 1, 1), [1, STORED_SIDE, STORED_SIDE, stored.shape[2] ?? 0]);
  return height === STORED_SIDE && width === STORED_SIDE
    ? map
    : resize(map, [height, width], 'bicubic');
}

/** One block of the ViT. */
export function transformerBlock(
  x: Tensor, // [1, tokens, channels]
  w: Weights,
  heads: number,
): Tensor {
  x = add(x, selfAttention(layerNorm(x, w.at('norm1'), NORM), w.at('attn'), heads));
  const hidden = gelu(linear(layerNorm(x, w.at('norm2'), NORM), w.at('mlp.fc1')));
  return add(x, linear(hidden, w.at('mlp.fc2')));
}

function selfAttention(x: Tensor, w: Weights, heads: number): Tensor {
  const [query, key, value] = split(linear(x, w.at('qkv')), -1, 3) as [Tensor, Tensor, Tensor];
  return linear(attention(query, key, value, { heads }), w.at('proj'));
}
