import {
  add,
  cast,
  concat,
  div,
  equal,
  gather,
  greater,
  less,
  log,
  maximum,
  mul,
  reduceSum,
  REMOVED_KEY,
  sub,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import { clickTokens, cornerTokens, encodePositions } from '@samgpu/sam';
import {
  type FramePrompt,
  type PromptTensors,
  type PromptToken,
  TokenLabel,
} from '@samgpu/variant';

import { PROMPT_TOKENS } from './config.ts';

const PADDING: PromptToken = { x: -1, y: -1, label: TokenLabel.padding };

/**
 * The tokens of a prompt as `predict_masks` of efficient_sam.py prepares them: corners of the box
 * before clicks, cut off after six, and paddings where fewer are given. Paddings are all alike, so
 * one stands for as many as are missing: see {@link keyBias}.
 */
export function promptTokens({ points, box }: FramePrompt): PromptToken[] {
  const corners = box === undefined ? [] : cornerTokens(box);
  const given = [...corners, ...clickTokens(points)].slice(0, PROMPT_TOKENS);
  const inside = given.map(({ x, y, label }) => ({ x: inFrame(x), y: inFrame(y), label }));
  return given.length < PROMPT_TOKENS ? [...inside, PADDING] : inside;
}

// The official code takes every coordinate left of or above the picture for a padding's.
function inFrame(coordinate: number): number {
  return coordinate >= 0 ? coordinate : -1;
}

/**
 * One token per point or box corner: where it is and what it is
 * (`PromptEncoder` of efficient_sam_decoder.py).
 *
 * Unlike SAM's, a padding's position counts, and a point to exclude is nothing but its position.
 *
 * @param prompt - points in pixels of the square input; half a pixel is added here
 * @param w - the place of the checkpoint's `prompt_encoder`
 * @returns `[prompts, tokens, 256]`
 */
export function encodeTokens(
  { points, labels }: Pick<PromptTensors, 'points' | 'labels'>,
  w: Weights,
  imageSize: number,
): Tensor {
  const position = encodePositions(div(add(points, 0.5), imageSize), w);
  const padding = w.tensor('invalid_points.weight'); // [1, 256]
  const kinds = concat(
    [
      padding,
      w.constant(new Float32Array(padding.shape[1] ?? 0), padding.shape), // a point to exclude
      w.tensor('point_embeddings.weight'),
      w.tensor('bbox_top_left_embeddings.weight'),
      w.tensor('bbox_bottom_right_embeddings.weight'),
    ],
    0,
  ); // [5, 256]: row label + 1
  // Absent tokens share the row of paddings. They are kept out of every attention.
  const row = maximum(sub(labels, TokenLabel.padding), 0);
  return add(position, gather(kinds, cast(row, 'i32')));
}

/**
 * What is added to the scores of prompt tokens as keys: it keeps absent ones out, and gives those
 * paddings that are there the weight of all that the network has seen in a prompt of this many
 * points. Tokens that are alike stay alike, and a key with the logarithm of `n` added to its score
 * counts in a softmax as `n` of its kind do.
 *
 * @param labels - `[prompts, tokens]`
 * @returns `[prompts, tokens]`
 */
export function keyBias(labels: Tensor): Tensor {
  const isPadding = equal(labels, TokenLabel.padding);
  const present = reduceSum(isPadding, 1, { keepAxes: true });
  const given = reduceSum(greater(labels, TokenLabel.padding), 1, { keepAxes: true });
  const missing = sub(PROMPT_TOKENS, given);
  const copies = sub(log(maximum(missing, 1)), log(maximum(present, 1))); // [prompts, 1]
  return add(mul(less(labels, TokenLabel.padding), REMOVED_KEY), mul(isPadding, copies));
}
