import {
  add,
  attention,
  concat,
  convTranspose2d,
  expand,
  layerNorm,
  less,
  linear,
  matmul,
  mul,
  relu,
  REMOVED_KEY,
  reshape,
  sigmoid,
  slice,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import { type DecoderOutput, type PromptTensors, TokenLabel } from '@samgpu/variant';

import type { NanoConfig } from './config.ts';
import type { NanoFeatures } from './encoder.ts';
import { encodeDense, encodeGrid, encodeTokens } from './prompt-encoder.ts';

const NORM = { epsilon: 1e-6 };

/** Tokens and image of the two-way transformer, with the codes that are added before attending. */
interface TwoWayState {
  readonly tokens: Tensor; // [prompts, tokens, 128]
  readonly tokenCode: Tensor; // [prompts, tokens, 128]
  readonly image: Tensor; // [prompts, cells, 128]
  readonly imageCode: Tensor; // [1, cells, 128]
  /** Keeps tokens that only fill up a batch out of every attention, [prompts, tokens]. */
  readonly keyBias: Tensor;
}

/**
 * nano's prompt encoder and mask decoder: a two-way transformer between prompt tokens and image,
 * then masks as products of an upscaled image with one vector per mask token.
 */
export function decodeMasks(
  features: NanoFeatures,
  prompts: PromptTensors,
  w: Weights,
  config: NanoConfig,
): DecoderOutput {
  const count = prompts.labels.shape[0] ?? 0;
  const [, cells, , width] = features.embedding.shape as [number, number, number, number];
  const outputs = config.masks + 1; // the score token, then one token per mask

  const outputTokens = expand(w.tensor('out_tokens'), [count, outputs, width]);
  const tokens = concat([outputTokens, encodeTokens(prompts, features, w, config)], 1);
  const dense = encodeDense(prompts, w, config);
  let state: TwoWayState = {
    tokens,
    tokenCode: tokens,
    image: reshape(add(features.embedding, dense), [count, cells * cells, width]),
    imageCode: encodeGrid(w, cells),
    keyBias: concat(
      [
        w.constant(new Array<number>(count * outputs).fill(0), [count, outputs]),
        mul(less(prompts.labels, TokenLabel.padding), REMOVED_KEY),
      ],
      1,
    ),
  };
  for (let i = 0; i < config.decoderLayers; i++) {
    state = twoWayLayer(state, w.at(`layers.${i}`), config.decoderHeads, i === 0);
  }
  const final = attend(tokensToImage(state), w.at('final'), config.decoderHeads);
  const decoded = layerNorm(add(state.tokens, final), w.at('final_ln'), NORM);

  const pixels = upscale(reshape(state.image, [count, cells, cells, width]), features, w);
  const [, height, rowLength, channels] = pixels.shape as [number, number, number, number];
  const vectors = concat(
    Array.from({ length: config.masks }, (_, mask) =>
      perceptron(slice(decoded, 1, 1 + mask, 2 + mask), w.at(`hyper.${mask}`)),
    ),
    1,
  ); // [prompts, masks, 24]
  const logits = matmul(vectors, reshape(pixels, [count, height * rowLength, channels]), {
    transposeB: true,
  });
  return {
    logits: reshape(logits, [count, config.masks, height, rowLength]),
    scores: reshape(sigmoid(perceptron(slice(decoded, 1, 0, 1), w.at('iou'))), [
      count,
      config.masks,
    ]),
  };
}

/** Queries, keys and values of an attention before their projections. */
interface Attended {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly keyBias?: Tensor;
}

function attend({ query, key, value, keyBias }: Attended, w: Weights, heads: number): Tensor {
  const mixed = attention(
    linear(query, w.at('q')),
    linear(key, w.at('k')),
    linear(value, w.at('v')),
    keyBias === undefined ? { heads } : { heads, keyBias },
  );
  return linear(mixed, w.at('o'));
}

function tokensToImage({ tokens, tokenCode, image, imageCode }: TwoWayState): Attended {
  return { query: add(tokens, tokenCode), key: add(image, imageCode), value: image };
}

function imageToTokens({ tokens, tokenCode, image, imageCode, keyBias }: TwoWayState): Attended {
  return { query: add(image, imageCode), key: add(tokens, tokenCode), value: tokens, keyBias };
}

function twoWayLayer(state: TwoWayState, w: Weights, heads: number, first: boolean): TwoWayState {
  let { tokens, image } = state;
  const { keyBias } = state;
  // The first layer sees bare tokens and replaces them; their code is what they are.
  const query = first ? tokens : add(tokens, state.tokenCode);
  const own = attend({ query, key: query, value: tokens, keyBias }, w.at('self_attn'), heads);
  tokens = layerNorm(first ? own : add(tokens, own), w.at('ln1'), NORM);

  const fromImage = attend(tokensToImage({ ...state, tokens }), w.at('t2i'), heads);
  tokens = layerNorm(add(tokens, fromImage), w.at('ln2'), NORM);

  const hidden = relu(linear(tokens, w.at('fc1')));
  tokens = layerNorm(add(tokens, linear(hidden, w.at('fc2'))), w.at('ln3'), NORM);

  const fromTokens = attend(imageToTokens({ ...state, tokens }), w.at('i2t'), heads);
  image = layerNorm(add(image, fromTokens), w.at('ln4'), NORM);
  return { ...state, tokens, image };
}

// [prompts, 24, 24, 128] -> [prompts, 96, 96, 24]
function upscale(image: Tensor, { features8, features4 }: NanoFeatures, w: Weights): Tensor {
  let x = add(convTranspose2d(image, w.at('up1'), { stride: 2 }), features8);
  x = relu(layerNorm(x, w.at('up_ln'), NORM));
  return relu(add(convTranspose2d(x, w.at('up2'), { stride: 2 }), features4));
}

function perceptron(x: Tensor, w: Weights): Tensor {
  x = relu(linear(x, w.at('0')));
  x = relu(linear(x, w.at('1')));
  return linear(x, w.at('2'));
}
