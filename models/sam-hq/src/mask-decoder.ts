import {
  add,
  concat,
  conv2d,
  gelu,
  layerNorm,
  reshape,
  slice,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import {
  attendToPrompts,
  type MaskDecoderConfig,
  masksFrom,
  perceptron,
  productsOf,
  upscale,
} from '@samgpu/sam';
import type { DecoderOutput, PromptTensors } from '@samgpu/variant';

/**
 * HQ-SAM's mask decoder (`MaskDecoderHQ` of segment_anything/modeling/mask_decoder_hq.py; Ke et al.,
 * "Segment Anything in High Quality", 2023).
 *
 * It gives `masks` masks that are SAM's, each with the logits of the mask of high quality added, and
 * behind them that mask alone. So all ways to ask the official predictor are choices among them:
 *
 * | `multimask_output` | `hq_token_only` | answer                                     |
 * | ------------------ | --------------- | ------------------------------------------ |
 * | false              | false           | mask 0                                     |
 * | true               | false           | of 1 to `masks` - 1 that of the best score |
 * | either             | true            | the last one                               |
 *
 * The mask of high quality has no score of its own: the official predictor gives it that of the mask
 * which it would return without `hq_token_only`.
 *
 * Weights are those below `prompt_encoder` and `mask_decoder`.
 *
 * @param embedding - `[1, height, width, 256]`
 * @param details - what `fuseDetails` made for the image, `[1, 4 height, 4 width, 32]`
 * @returns logits `[prompts, masks + 1, 4 height, 4 width]`, scores `[prompts, masks]`
 */
export function decodeMasks(
  { embedding, details }: { readonly embedding: Tensor; readonly details: Tensor },
  prompts: PromptTensors,
  w: Weights,
  config: MaskDecoderConfig,
): DecoderOutput {
  const decoder = w.at('mask_decoder');
  const { tokens, map } = attendWithDetails(embedding, prompts, w, config);
  const pixels = upscale(map, decoder.at('output_upscaling'));
  const masks = masksFrom(pixels, slice(tokens, 1, 1, config.masks + 1), decoder);

  const token = slice(tokens, 1, config.masks + 1, config.masks + 2);
  const sharpPixels = add(refine(pixels, decoder.at('embedding_maskfeature')), details);
  const sharpMask = productsOf(sharpPixels, perceptron(token, decoder.at('hf_mlp')));

  const count = prompts.labels.shape[0] ?? 0;
  const scores = reshape(perceptron(slice(tokens, 1, 0, 1), decoder.at('iou_prediction_head')), [
    count,
    config.masks,
  ]);
  return { logits: concat([add(masks, sharpMask), sharpMask], 1), scores };
}

/**
 * SAM's `attendToPrompts` with the token of the mask of high quality, which comes behind those of
 * SAM's masks.
 */
export function attendWithDetails(
  embedding: Tensor,
  prompts: PromptTensors,
  w: Weights,
  config: MaskDecoderConfig,
): { tokens: Tensor; map: Tensor } {
  const token = w.tensor('mask_decoder.hf_token.weight');
  return attendToPrompts(embedding, prompts, w, config, [token]);
}

/** Brings SAM's upscaled features to those of the details: `[prompts, h, w, 32]`. */
function refine(pixels: Tensor, w: Weights): Tensor {
  const wide = conv2d(pixels, w.at('0'), { padding: 1 });
  const x = gelu(layerNorm(wide, w.at('1'), { epsilon: 1e-6 }));
  return conv2d(x, w.at('3'), { padding: 1 });
}
