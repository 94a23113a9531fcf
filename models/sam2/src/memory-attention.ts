import {
  add,
  attention,
  axisSize,
  expand,
  layerNorm,
  linear,
  mul,
  relu,
  rotary,
  type Tensor,
  type Weights,
} from '@samgpu/graph';

import { EMBEDDING, type MemoryConfig } from './config.ts';
import { rotaryTable, sineCode } from './grid-codes.ts';

/** What an image is to be seen in the light of. */
export interface Memories {
  /** Memories of frames, cell by cell, then tokens of object pointers: `[objects, tokens, 64]`. */
  readonly tokens: Tensor;
  /** Where and when they are from, `[1 or objects, tokens, 64]`. */
  readonly codes: Tensor;
  /** How many tokens at the end are of pointers, which lie nowhere in the map. */
  readonly pointerTokens: number;
  /** Keeps tokens out that only fill up a batch, `[objects, tokens]`. */
  readonly keyBias?: Tensor | undefined;
}

/**
 * Memory attention (sam2/modeling/memory_attention.py): the cells of an image attend to each other
 * and to memories. Objects share the image and differ in their memories.
 *
 * @param embedding - `[1 or objects, height * width, 256]`
 * @param w - the place `memory_attention`
 * @param grid - how the cells lie; those of memories lie likewise
 * @param places - the code of each cell, `[1, height * width, 256]`
 * @returns `[objects, height * width, 256]`
 */
export function attendToMemories(
  embedding: Tensor,
  memories: Memories,
  w: Weights,
  { layers }: Pick<MemoryConfig, 'layers'>,
  grid: readonly [height: number, width: number],
  places: Tensor = sineCode(w, ...grid, EMBEDDING),
): Tensor {
  const turns = rotaryTable(w, ...grid, EMBEDDING);
  // Until it looks at memories, the image is the same for all objects and computed once.
  let x = add(embedding, mul(places, 0.1));
  for (let i = 0; i < layers; i++) {
    x = memoryLayer(x, memories, w.at(`layers.${i}`), turns);
  }
  return layerNorm(x, w.at('norm'));
}

/** One layer. */
export function memoryLayer(x: Tensor, memories: Memories, w: Weights, turns: Tensor): Tensor {
  x = add(x, attendToItself(x, w, turns));
  x = add(x, attendToTokens(x, memories, w, turns));
  const hidden = relu(linear(layerNorm(x, w.at('norm3')), w.at('linear1')));
  return add(x, linear(hidden, w.at('linear2')));
}

/** What the cells take from each other, to be added to them. */
export function attendToItself(x: Tensor, w: Weights, turns: Tensor): Tensor {
  const own = w.at('self_attn');
  const normed = layerNorm(x, w.at('norm1'));
  const turned = (name: string): Tensor => rotary(linear(normed, own.at(name)), turns, ONE_HEAD);
  const value = linear(normed, own.at('v_proj'));
  return linear(attention(turned('q_proj'), turned('k_proj'), value, ONE_HEAD), own.at('out_proj'));
}

/** What the cells take from memories, to be added to them. */
export function attendToTokens(
  x: Tensor,
  { tokens, codes, pointerTokens, keyBias }: Memories,
  w: Weights,
  turns: Tensor,
): Tensor {
  const cross = w.at('cross_attn_image');
  const [objects, count] = tokens.shape as [number, number];
  const query = rotary(linear(layerNorm(x, w.at('norm2')), cross.at('q_proj')), turns, ONE_HEAD);
  const key = rotary(linear(add(tokens, codes), cross.at('k_proj')), turns, {
    ...ONE_HEAD,
    rotated: count - pointerTokens,
  });
  // Shares add up to 1, so the layer of values can as well follow their mixing: there are far
  // fewer cells than tokens, and tokens are a quarter as wide as its results.
  const mixed = attention(
    expand(query, [objects, axisSize(query.shape, 1), EMBEDDING]),
    key,
    tokens,
    keyBias === undefined ? ONE_HEAD : { ...ONE_HEAD, keyBias },
  );
  return linear(linear(mixed, cross.at('v_proj')), cross.at('out_proj'));
}

const ONE_HEAD = { heads: 1 };
