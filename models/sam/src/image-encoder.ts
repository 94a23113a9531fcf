import {
  add,
  conv2d,
  gelu,
  gridAttention,
  layerNorm,
  linear,
  reshape,
  resize,
  split,
  type Tensor,
  type Weights,
} from '@samgpu/graph';

import type { ImageEncoderConfig } from './config.ts';

/** Side of a patch in pixels. */
export const PATCH = 16;
/** Side of a window in patches, in the published networks. */
export const WINDOW = 14;
const NORM = { epsilon: 1e-6 };

/**
 * SAM's image encoder: a plain ViT with windowed attention, then a convolutional neck.
 *
 * Weight names are those of the published checkpoints, below `image_encoder`
 * (segment_anything/modeling/image_encoder.py).
 *
 * @param image - `[1, size, size, 3]`, normalised and padded
 * @returns `[1, size / 16, size / 16, 256]`
 */
export function encodeImage(image: Tensor, w: Weights, config: ImageEncoderConfig): Tensor {
  return neck(encodeBlocks(image, w, config).at(-1)!, w.at('neck'));
}

/**
 * What every block gives: HQ-SAM takes an early one besides the embedding.
 *
 * @returns `[1, size / 16, size / 16, width]` each
 */
export function encodeBlocks(image: Tensor, w: Weights, config: ImageEncoderConfig): Tensor[] {
  let x = embedPatches(image, w);
  return Array.from({ length: config.depth }, (_, i) => {
    const window = config.globalBlocks.includes(i) ? undefined : (config.window ?? WINDOW);
    x = transformerBlock(x, w.at(`blocks.${i}`), config.heads, window);
    return x;
  });
}

/** One token per patch, and where it is: `[1, size / 16, size / 16, width]`. */
export function embedPatches(image: Tensor, w: Weights): Tensor {
  const patches = conv2d(image, w.at('patch_embed.proj'), { stride: PATCH });
  return add(patches, w.tensor('pos_embed'));
}

/**
 * One block of the ViT.
 *
 * @param window - side of the windows to attend in, the whole grid if undefined
 */
export function transformerBlock(
  x: Tensor, // [1, height, width, channels]
  w: Weights,
  heads: number,
  window: number | undefined,
): Tensor {
  x = add(x, relativeAttention(layerNorm(x, w.at('norm1'), NORM), w.at('attn'), heads, window));
  const hidden = gelu(linear(layerNorm(x, w.at('norm2'), NORM), w.at('mlp.lin1')));
  return add(x, linear(hidden, w.at('mlp.lin2')));
}

/** Attention with decomposed relative positions. */
export function relativeAttention(
  x: Tensor, // [1, height, width, channels]
  w: Weights,
  heads: number,
  window: number | undefined,
): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const tokens = reshape(x, [batch, height * width, channels]);
  const [query, key, value] = parts(linear(tokens, w.at('qkv'))); // [1, tokens, channels] each
  const size = window === undefined ? ([height, width] as const) : ([window, window] as const);
  // The official code pads with zeros before qkv, so what it pads holds the bias.
  const [, keyPadding, valuePadding] = parts(w.at('qkv').tensor('bias'));
  const mixed = gridAttention(query, key, value, {
    heads,
    grid: [height, width],
    window: size,
    relative: {
      rows: relativeTable(w.tensor('rel_pos_h'), 2 * size[0] - 1),
      columns: relativeTable(w.tensor('rel_pos_w'), 2 * size[1] - 1),
    },
    ...(window === undefined ? {} : { padding: { key: keyPadding, value: valuePadding } }),
  });
  return reshape(linear(mixed, w.at('proj')), [batch, height, width, channels]);
}

function parts(qkv: Tensor): [Tensor, Tensor, Tensor] {
  return split(qkv, -1, 3) as [Tensor, Tensor, Tensor];
}

/** A table of another size than the map needs is interpolated along its rows. */
export function relativeTable(table: Tensor, rows: number): Tensor {
  const [got, width] = table.shape as [number, number];
  if (got === rows) {
    return table;
  }
  const line = resize(reshape(table, [1, got, 1, width]), [rows, 1], 'bilinear');
  return reshape(line, [rows, width]);
}

/** Brings any encoder's last map to 256 channels. 0 and 2 are convolutions without bias, 1 and 3 are norms over channels. */
export function neck(x: Tensor, w: Weights): Tensor {
  x = layerNorm(conv2d(x, w.at('0')), w.at('1'), NORM);
  return layerNorm(conv2d(x, w.at('2'), { padding: 1 }), w.at('3'), NORM);
}
