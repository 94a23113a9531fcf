import {
  add,
  concat,
  convTranspose2d,
  expand,
  gelu,
  layerNorm,
  less,
  linear,
  matmul,
  mul,
  relu,
  REMOVED_KEY,
  reshape,
  slice,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import { type DecoderOutput, type PromptTensors, TokenLabel } from '@samgpu/variant';

import type { MaskDecoderConfig } from './config.ts';
import { encodeDense, encodeGrid, encodeTokens } from './prompt-encoder.ts';
import { type TwoWayLayer, twoWayTransformer } from './two-way-transformer.ts';

const NORM = { epsilon: 1e-6 };

/**
 * SAM's prompt encoder and mask decoder (segment_anything/modeling/mask_decoder.py).
 *
 * Weights are those below `prompt_encoder` and `mask_decoder`.
 *
 * @param embedding - `[1, height, width, 256]`
 * @returns logits `[prompts, masks, 4 height, 4 width]`, scores `[prompts, masks]`
 */
export function decodeMasks(
  embedding: Tensor,
  prompts: PromptTensors,
  w: Weights,
  config: MaskDecoderConfig,
): DecoderOutput {
  const decoder = w.at('mask_decoder');
  const count = prompts.labels.shape[0] ?? 0;
  const { tokens, map } = attendToPrompts(embedding, prompts, w, config);
  const maskTokens = slice(tokens, 1, 1, config.masks + 1);
  return {
    logits: masksFrom(upscale(map, decoder.at('output_upscaling')), maskTokens, decoder),
    scores: reshape(perceptron(slice(tokens, 1, 0, 1), decoder.at('iou_prediction_head')), [
      count,
      config.masks,
    ]),
  };
}

/**
 * Lets the embedding and the tokens attend to each other.
 *
 * @param moreTokens - output tokens that a model has behind those of the masks, `[n, 256]`
 * @returns tokens `[prompts, 1 + masks + n + prompt tokens, 256]`: the score's, the masks',
 * `moreTokens`, the prompt's; map `[prompts, height, width, 256]`
 */
export function attendToPrompts(
  embedding: Tensor,
  prompts: PromptTensors,
  w: Weights,
  config: MaskDecoderConfig,
  moreTokens: readonly Tensor[] = [],
): { tokens: Tensor; map: Tensor } {
  const decoder = w.at('mask_decoder');
  const outputTokens = concat(
    [decoder.tensor('iou_token.weight'), decoder.tensor('mask_tokens.weight'), ...moreTokens],
    0,
  );
  const places = { encoder: w.at('prompt_encoder'), decoder };
  return attendWith(outputTokens, embedding, prompts, places, config);
}

/**
 * The same with all output tokens given, which stand before those of the prompt.
 *
 * @param embedding - `[1 or prompts, height, width, 256]`
 * @param outputTokens - `[n, 256]`
 * @param places - where the weights of prompt encoder and mask decoder are
 */
export function attendWith(
  outputTokens: Tensor,
  embedding: Tensor,
  prompts: PromptTensors,
  { encoder, decoder }: { readonly encoder: Weights; readonly decoder: Weights },
  config: Pick<MaskDecoderConfig, 'imageSize' | 'layers' | 'heads'>,
  layer?: TwoWayLayer,
): { tokens: Tensor; map: Tensor } {
  const count = prompts.labels.shape[0] ?? 0;
  const [, height, width, channels] = embedding.shape as [number, number, number, number];
  const outputs = outputTokens.shape[0] ?? 0;
  const tokens = concat(
    [
      expand(outputTokens, [count, outputs, channels]),
      encodeTokens(prompts, encoder, config.imageSize),
    ],
    1,
  );
  const keyBias = concat(
    [
      decoder.constant(new Array<number>(count * outputs).fill(0), [count, outputs]),
      mul(less(prompts.labels, TokenLabel.padding), REMOVED_KEY),
    ],
    1,
  );
  const attended = twoWayTransformer(
    {
      tokens,
      tokenCode: tokens,
      image: reshape(add(embedding, encodeDense(prompts, encoder)), [
        count,
        height * width,
        channels,
      ]),
      imageCode: encodeGrid(encoder, height, width),
      keyBias,
    },
    decoder.at('transformer'),
    config,
    layer,
  );
  return {
    tokens: attended.tokens,
    map: reshape(attended.image, [count, height, width, channels]),
  };
}

/** `[prompts, h, w, 256]` to `[prompts, 4 h, 4 w, 32]`. */
export function upscale(map: Tensor, w: Weights): Tensor {
  const x = gelu(layerNorm(convTranspose2d(map, w.at('0'), { stride: 2 }), w.at('1'), NORM));
  return gelu(convTranspose2d(x, w.at('3'), { stride: 2 }));
}

/**
 * Logits as products of the upscaled map with one vector per mask token.
 *
 * @param pixels - `[prompts, height, width, 32]`
 * @param maskTokens - `[prompts, masks, 256]`
 * @returns `[prompts, masks, height, width]`
 */
export function masksFrom(pixels: Tensor, maskTokens: Tensor, w: Weights): Tensor {
  const masks = maskTokens.shape[1] ?? 0;
  const vectors = concat(
    Array.from({ length: masks }, (_, mask) =>
      perceptron(slice(maskTokens, 1, mask, mask + 1), w.at(`output_hypernetworks_mlps.${mask}`)),
    ),
    1,
  ); // [prompts, masks, 32]
  return productsOf(pixels, vectors);
}

/**
 * @param pixels - `[prompts, height, width, channels]`
 * @param vectors - `[prompts, masks, channels]`
 * @returns `[prompts, masks, height, width]`
 */
export function productsOf(pixels: Tensor, vectors: Tensor): Tensor {
  const [count, height, width, channels] = pixels.shape as [number, number, number, number];
  const logits = matmul(vectors, reshape(pixels, [count, height * width, channels]), {
    transposeB: true,
  });
  return reshape(logits, [count, vectors.shape[1] ?? 0, height, width]);
}

/** Three linear layers with ReLU between (`MLP` of mask_decoder.py). */
export function perceptron(x: Tensor, w: Weights): Tensor {
  x = relu(linear(x, w.at('layers.0')));
  x = relu(linear(x, w.at('layers.1')));
  return linear(x, w.at('layers.2'));
}
