import {
  add,
  concat,
  convTranspose2d,
  gelu,
  layerNorm,
  reshape,
  sigmoid,
  slice,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import { attendWith, masksFrom, perceptron, twoWayLayerOf } from '@samgpu/sam';
import type { PromptTensors } from '@samgpu/variant';

import type { Sam2Config } from './config.ts';
import type { ImageFeatures } from './image-encoder.ts';

const NORM = { epsilon: 1e-6 };
const layer = twoWayLayerOf(['mlp.layers.0', 'mlp.layers.1']);

/** All that the mask decoder says of prompts. */
export interface Decoded {
  /** `[prompts, masks, 4 height, 4 width]` */
  readonly logits: Tensor;
  /** Predicted intersection over union, `[prompts, masks]`. */
  readonly scores: Tensor;
  /** One token per mask, `[prompts, masks, 256]`. */
  readonly maskTokens: Tensor;
  /** Whether there is an object at all: above 0 if so, `[prompts, 1]`. */
  readonly objectScore: Tensor;
}

/**
 * SAM 2's prompt encoder and mask decoder (sam2/modeling/sam/mask_decoder.py).
 *
 * SAM's, but for a token that says whether there is an object, and the details of the large maps.
 *
 * @param features - `embedding` is `[1 or prompts, height, width, 256]`, with what memory knows
 * @param w - the checkpoint
 */
export function decodeMasks(
  { embedding, eighths, quarters }: ImageFeatures,
  prompts: PromptTensors,
  w: Weights,
  { decoder: config, imageSize }: Sam2Config,
): Decoded {
  const decoder = w.at('sam_mask_decoder');
  const outputTokens = concat(
    ['obj_score_token', 'iou_token', 'mask_tokens'].map((name) => decoder.at(name).weight),
    0,
  );
  const { tokens, map } = attendWith(
    outputTokens,
    embedding,
    prompts,
    { encoder: w.at('sam_prompt_encoder'), decoder },
    { ...config, imageSize },
    layer,
  );
  const count = prompts.labels.shape[0] ?? 0;
  const maskTokens = slice(tokens, 1, 2, 2 + config.masks);
  const pixels = upscale(map, { eighths, quarters }, decoder.at('output_upscaling'));
  const scores = perceptron(slice(tokens, 1, 1, 2), decoder.at('iou_prediction_head'));
  const objectScore = perceptron(slice(tokens, 1, 0, 1), decoder.at('pred_obj_score_head'));
  return {
    logits: masksFrom(pixels, maskTokens, decoder),
    scores: sigmoid(reshape(scores, [count, config.masks])),
    maskTokens,
    objectScore: reshape(objectScore, [count, 1]),
  };
}

/** `[prompts, h, w, 256]` to `[prompts, 4 h, 4 w, 32]`, with the image's details added on the way. */
export function upscale(
  map: Tensor,
  { eighths, quarters }: Pick<ImageFeatures, 'eighths' | 'quarters'>,
  w: Weights,
): Tensor {
  const wide = add(convTranspose2d(map, w.at('0'), { stride: 2 }), eighths);
  const x = gelu(layerNorm(wide, w.at('1'), NORM));
  return gelu(add(convTranspose2d(x, w.at('3'), { stride: 2 }), quarters));
}
