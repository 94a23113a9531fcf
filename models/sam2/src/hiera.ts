import {
  add,
  attention,
  concat,
  conv2d,
  expand,
  gelu,
  gridAttention,
  layerNorm,
  linear,
  maxPool2d,
  pad,
  reshape,
  resize,
  slice,
  split,
  type Tensor,
  transpose,
  type Weights,
} from '@samgpu/graph';

import type { HieraConfig } from './config.ts';
import { type HieraBlock, hieraBlocks } from './hiera-blocks.ts';

type Shape4 = [number, number, number, number];

const NORM = { epsilon: 1e-6 };
/** Pixels along a side of a cell of the first stage's map. */
const PATCH_STRIDE = 4;

/**
 * SAM 2's trunk, a Hiera with positions for windows and for the whole map
 * (sam2/modeling/backbones/hieradet.py).
 *
 * Weight names are those of the published checkpoints, below `image_encoder.trunk`.
 *
 * @param image - `[1, size, size, 3]`, normalised
 * @returns what each block gives
 */
export function encodeBlocks(image: Tensor, w: Weights, config: HieraConfig): Tensor[] {
  let x = embedPatches(image, w);
  return hieraBlocks(config).map((block, index) => {
    x = hieraBlock(x, w.at(`blocks.${index}`), block);
    return x;
  });
}

/** One token per patch, and where it is: `[1, size / 4, size / 4, width]`. */
export function embedPatches(image: Tensor, w: Weights): Tensor {
  const patches = projectPatches(image, w);
  const [, height, width] = patches.shape as Shape4;
  return add(patches, encodePlaces(w, height, width));
}

/** Patches of 7 by 7 that overlap, without their positions. */
export function projectPatches(image: Tensor, w: Weights): Tensor {
  return conv2d(image, w.at('patch_embed.proj'), { stride: PATCH_STRIDE, padding: 3 });
}

/**
 * The code of every place: a coarse table enlarged to the map, plus a table for the places of a
 * window, repeated (Bolya et al., "Window Attention is Bugged", 2023).
 *
 * @returns `[1, height, width, channels]`
 */
export function encodePlaces(w: Weights, height: number, width: number): Tensor {
  const coarse = transpose(w.tensor('pos_embed'), [0, 2, 3, 1]);
  const window = transpose(w.tensor('pos_embed_window'), [0, 2, 3, 1]);
  const [, rows, columns, channels] = window.shape as Shape4;
  const repeats = [height / rows, width / columns] as const;
  const tiled = expand(reshape(window, [1, rows, 1, columns, channels]), [
    repeats[0],
    rows,
    repeats[1],
    columns,
    channels,
  ]);
  return add(
    resize(coarse, [height, width], 'bicubic'),
    reshape(tiled, [1, height, width, channels]),
  );
}

/** One block; a pooling one halves the map and doubles its channels. */
export function hieraBlock(x: Tensor, w: Weights, block: HieraBlock): Tensor {
  const normed = layerNorm(x, w.at('norm1'), NORM);
  // Where the width changes, what is added is made from the normalised map.
  const kept = block.pools ? maxPool2d(linear(normed, w.at('proj')), 2) : x;
  const mixed = block.pools
    ? pooledAttention(normed, w.at('attn'), block)
    : mapAttention(normed, w.at('attn'), block);
  x = add(kept, mixed);
  return add(x, perceptron(layerNorm(x, w.at('norm2'), NORM), w.at('mlp')));
}

/** Numbers of a hidden layer that are held at once: what a binding of every WebGPU device holds. */
const MOST_HIDDEN = 2 ** 25;

/** Rows do not know of each other, so large maps go through in parts. `[1, height, width, channels]` */
function perceptron(x: Tensor, w: Weights): Tensor {
  const [batch, height, width] = x.shape as Shape4;
  const [hidden] = w.at('layers.0').weight.shape as [number];
  const rows = Math.max(1, Math.floor(MOST_HIDDEN / (batch * width * hidden)));
  const parts: Tensor[] = [];
  for (let top = 0; top < height; top += rows) {
    const part = slice(x, 1, top, Math.min(top + rows, height));
    parts.push(linear(gelu(linear(part, w.at('layers.0'))), w.at('layers.1')));
  }
  return concat(parts, 1);
}

/** Attention within windows, or over the whole map. `[1, height, width, channels]` */
export function mapAttention(x: Tensor, w: Weights, { heads, window }: HieraBlock): Tensor {
  const [batch, height, width, channels] = x.shape as Shape4;
  const tokens = reshape(x, [batch, height * width, channels]);
  const [query, key, value] = parts(linear(tokens, w.at('qkv')));
  // The official code pads with zeros before qkv, so what it pads holds the bias.
  const [, keyPadding, valuePadding] = parts(w.at('qkv').tensor('bias'));
  const mixed =
    window === undefined
      ? attention(query, key, value, { heads })
      : gridAttention(query, key, value, {
          heads,
          grid: [height, width],
          window: [window, window],
          padding: { key: keyPadding, value: valuePadding },
        });
  return reshape(linear(mixed, w.at('proj')), [batch, height, width, channels]);
}

/**
 * Attention in which a query stands for four places of its window: the largest of each channel.
 *
 * @param x - `[1, height, width, inputs]`, both sides even
 * @returns `[1, height / 2, width / 2, outputs]`
 */
export function pooledAttention(
  x: Tensor,
  w: Weights,
  { heads, outputs, window }: HieraBlock,
): Tensor {
  const [batch, height, width] = x.shape as Shape4;
  const [rows, columns] = window === undefined ? [height, width] : [window, window];
  const windows = partition(x, rows, columns); // [windows, rows, columns, inputs]
  const count = windows.shape[0] ?? 0;
  const [query, key, value] = threeLayers(windows, w.at('qkv'));
  const pooled = maxPool2d(query, 2); // [windows, rows / 2, columns / 2, outputs]
  const asTokens = (map: Tensor): Tensor => reshape(map, [count, -1, outputs]);
  const mixed = linear(
    attention(asTokens(pooled), asTokens(key), asTokens(value), { heads }),
    w.at('proj'),
  );
  const [down, across] = [Math.ceil(height / rows), Math.ceil(width / columns)];
  const tiles = reshape(mixed, [batch, down, across, rows / 2, columns / 2, outputs]);
  const map = reshape(transpose(tiles, [0, 1, 3, 2, 4, 5]), [
    batch,
    (down * rows) / 2,
    (across * columns) / 2,
    outputs,
  ]);
  return slice(slice(map, 1, 0, height / 2), 2, 0, width / 2);
}

/** Windows, those at the right and the bottom filled up with zeros. */
function partition(x: Tensor, rows: number, columns: number): Tensor {
  const [batch, height, width, channels] = x.shape as Shape4;
  const [down, across] = [Math.ceil(height / rows), Math.ceil(width / columns)];
  const missing = [down * rows - height, across * columns - width] as const;
  const filled = missing.some((size) => size > 0) ? pad(x, [0, 0, 0, 0], [0, ...missing, 0]) : x;
  const tiles = reshape(filled, [batch, down, rows, across, columns, channels]);
  return reshape(transpose(tiles, [0, 1, 3, 2, 4, 5]), [
    batch * down * across,
    rows,
    columns,
    channels,
  ]);
}

/** One after the other: the three together are more than a binding of every device holds. */
function threeLayers(x: Tensor, w: Weights): [Tensor, Tensor, Tensor] {
  const biases = parts(w.tensor('bias'));
  return split(w.weight, 0, 3).map((weight, index) =>
    linear(x, { weight, bias: biases[index]! }),
  ) as [Tensor, Tensor, Tensor];
}

function parts(qkv: Tensor): [Tensor, Tensor, Tensor] {
  return split(qkv, -1, 3) as [Tensor, Tensor, Tensor];
}
