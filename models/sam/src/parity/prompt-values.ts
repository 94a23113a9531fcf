import type { HostValue, TensorSpec } from '@samgpu/graph';
import { TokenLabel } from '@samgpu/variant';

import type { CasePrompt, PromptCase } from './case.ts';
import { isStored } from './golden.ts';

/** The inputs that make up `PromptTensors`. */
export type PromptValues = Readonly<Record<'points' | 'labels' | 'mask' | 'hasMask', HostValue>>;

/** A token of a prompt in pixels of the square input. */
export interface Token {
  readonly x: number;
  readonly y: number;
  readonly label: number;
}

/** One prompt for a decoder. */
export interface DecoderPrompt {
  readonly tokens: readonly Token[];
  /** Logits of a previous mask, `[side, side]`. */
  readonly mask?: Float32Array | undefined;
}

/**
 * Prompts in one batch. Shorter ones are filled up with absent tokens, which lie anywhere.
 *
 * @param tokens - places for tokens, by default as many as the longest prompt has
 * @param side - of the mask input
 */
export function promptValues(
  prompts: readonly DecoderPrompt[],
  side: number,
  tokens: number = Math.max(...prompts.map((prompt) => prompt.tokens.length)),
): PromptValues {
  const count = prompts.length;
  const mask = new Float32Array(count * side * side);
  prompts.forEach((prompt, index) => mask.set(prompt.mask ?? [], index * side * side));
  const absent: Token = { x: 1e3, y: -50, label: TokenLabel.absent };
  const places = prompts.flatMap((prompt) =>
    Array.from({ length: tokens }, (_, index) => prompt.tokens[index] ?? absent),
  );
  return {
    points: {
      shape: [count, tokens, 2],
      data: Float32Array.from(places.flatMap(({ x, y }) => [x, y])),
    },
    labels: { shape: [count, tokens], data: Int32Array.from(places, ({ label }) => label) },
    mask: { shape: [count, side, side, 1], data: mask },
    hasMask: {
      shape: [count],
      data: Float32Array.from(prompts, (prompt) => (prompt.mask === undefined ? 0 : 1)),
    },
  };
}

/** What to trace a decoder with, for prompts of these sizes. */
export function promptSpecs(
  values: PromptValues,
): Readonly<Record<keyof PromptValues, TensorSpec>> {
  const { points, labels, mask, hasMask } = values;
  return {
    points: { shape: points.shape },
    labels: { shape: labels.shape, dtype: 'i32' },
    mask: { shape: mask.shape },
    hasMask: { shape: hasMask.shape },
  };
}

/** A prompt of a case, as `SamPredictor` hands it on: points, then the box, padded if there is none. */
export async function decoderPrompt(
  { golden, frame }: PromptCase,
  { points = [], labels = [], box, mask_input: maskInput }: CasePrompt,
): Promise<DecoderPrompt> {
  const token = (x: number, y: number, label: number): Token => ({
    ...frame.toFrame(x, y),
    label,
  });
  const clicks = points.map(([x, y], index) => token(x, y, labels[index]!));
  const tokens =
    box === undefined
      ? [...clicks, { x: 0, y: 0, label: TokenLabel.padding }]
      : [
          ...clicks,
          token(box[0], box[1], TokenLabel.boxTopLeft),
          token(box[2], box[3], TokenLabel.boxBottomRight),
        ];
  if (maskInput === undefined) {
    return { tokens };
  }
  if (isStored(golden, 'mask_input')) {
    const { values } = await golden.golden('mask_input'); // [1, side, side]
    return { tokens, mask: values };
  }
  const { shape, values } = await golden.golden(maskInput.tensor); // [masks, side, side]
  const size = shape[1]! * shape[2]!;
  return { tokens, mask: values.slice(maskInput.index * size, (maskInput.index + 1) * size) };
}
