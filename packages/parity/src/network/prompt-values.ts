import type { HostValue } from '@samgpu/graph';
import { TokenLabel } from '@samgpu/variant';

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
 * Prompts in one batch, of any number of places, as a decoder takes them. Shorter ones are filled up
 * with absent tokens, which lie anywhere.
 *
 * @param places - for tokens
 * @param side - of the mask input
 */
export function promptValues(
  prompts: readonly DecoderPrompt[],
  side: number,
  places: number,
): Readonly<Record<'points' | 'labels' | 'mask' | 'hasMask', HostValue>> {
  const count = prompts.length;
  const mask = new Float32Array(count * side * side);
  prompts.forEach((prompt, index) => mask.set(prompt.mask ?? [], index * side * side));
  const absent: Token = { x: 1e3, y: -50, label: TokenLabel.absent };
  const tokens = prompts.flatMap((prompt) =>
    Array.from({ length: places }, (_, index) => prompt.tokens[index] ?? absent),
  );
  return {
    points: {
      shape: [count, places, 2],
      data: Float32Array.from(tokens.flatMap(({ x, y }) => [x, y])),
    },
    labels: { shape: [count, places], data: Int32Array.from(tokens, ({ label }) => label) },
    mask: { shape: [count, side, side, 1], data: mask },
    hasMask: {
      shape: [count],
      data: Float32Array.from(prompts, (prompt) => (prompt.mask === undefined ? 0 : 1)),
    },
  };
}
