import { concat, expand, reshape, slice, type Tensor, type Weights } from '@samgpu/graph';
import { encodeGrid, type MaskDecoderConfig, productsOf, twoWayTransformer } from '@samgpu/sam';
import type { DecoderOutput, PromptTensors } from '@samgpu/variant';

import { perceptron } from './perceptron.ts';
import { encodeTokens, keyBias } from './prompt-encoder.ts';
import { twoWayLayer } from './two-way-layer.ts';
import { upscale } from './upscaling.ts';

/** What a decoder needs to know of prompts. A previous mask is not among it. */
export type DecoderPrompts = Pick<PromptTensors, 'points' | 'labels'>;

/** Layers before the last one, in what makes scores and the masks' vectors. */
const HIDDEN_LAYERS = 2;

/**
 * EfficientSAM's prompt encoder and mask decoder (efficient_sam/efficient_sam_decoder.py).
 *
 * @param embedding - `[1, height, width, 256]`
 * @param w - the place of the checkpoint's `prompt_encoder` and `mask_decoder`
 * @returns logits `[prompts, masks, 4 height, 4 width]`, scores `[prompts, masks]`
 */
export function decodeMasks(
  embedding: Tensor,
  prompts: DecoderPrompts,
  w: Weights,
  config: MaskDecoderConfig,
): DecoderOutput {
  const decoder = w.at('mask_decoder');
  const count = prompts.labels.shape[0] ?? 0;
  const { tokens, map } = attendToPrompts(embedding, prompts, w, config);
  const vectors = concat(
    Array.from({ length: config.masks }, (_, mask) =>
      perceptron(
        slice(tokens, 1, mask + 1, mask + 2),
        decoder.at(`output_hypernetworks_mlps.${mask}`),
        HIDDEN_LAYERS,
      ),
    ),
    1,
  ); // [prompts, masks, 32]
  const scores = perceptron(
    slice(tokens, 1, 0, 1),
    decoder.at('iou_prediction_head'),
    HIDDEN_LAYERS,
  );
  return {
    logits: productsOf(upscale(map, decoder.at('final_output_upscaling_layers')), vectors),
    scores: reshape(scores, [count, config.masks]),
  };
}

/**
 * Lets the embedding and the tokens attend to each other.
 *
 * @returns tokens `[prompts, 1 + masks + prompt tokens, 256]`: the score's, the masks', the
 * prompt's; map `[prompts, height, width, 256]`
 */
export function attendToPrompts(
  embedding: Tensor,
  prompts: DecoderPrompts,
  w: Weights,
  config: MaskDecoderConfig,
): { tokens: Tensor; map: Tensor } {
  const decoder = w.at('mask_decoder');
  const encoder = w.at('prompt_encoder');
  const count = prompts.labels.shape[0] ?? 0;
  const [, height, width, channels] = embedding.shape as [number, number, number, number];
  const cells = height * width;

  const own = concat([decoder.tensor('iou_token.weight'), decoder.tensor('mask_tokens.weight')], 0);
  const outputs = own.shape[0] ?? 0;
  const tokens = concat(
    [expand(own, [count, outputs, channels]), encodeTokens(prompts, encoder, config.imageSize)],
    1,
  );
  const ownBias = w.constant(new Float32Array(count * outputs), [count, outputs]);
  const attended = twoWayTransformer(
    {
      tokens,
      tokenCode: tokens,
      image: expand(reshape(embedding, [1, cells, channels]), [count, cells, channels]),
      imageCode: encodeGrid(encoder, height, width),
      keyBias: concat([ownBias, keyBias(prompts.labels)], 1),
    },
    decoder.at('transformer'),
    config,
    twoWayLayer,
  );
  return {
    tokens: attended.tokens,
    map: reshape(attended.image, [count, height, width, channels]),
  };
}
