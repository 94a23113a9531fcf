import type { Tensor } from '@samgpu/graph';

/**
 * What a prompt token is. The numbers are the labels of the official code, which all models of the
 * family share; `absent` is ours and marks places that fill up a batch and take no part.
 */
export const TokenLabel = {
  absent: -2,
  padding: -1,
  exclude: 0,
  include: 1,
  boxTopLeft: 2,
  boxBottomRight: 3,
} as const;

export type TokenLabel = (typeof TokenLabel)[keyof typeof TokenLabel];

/** A point of a prompt as the network gets it: pixels of the model's square input. */
export interface PromptToken {
  readonly x: number;
  readonly y: number;
  readonly label: TokenLabel;
}

/** One object's prompt, mapped into the model's square input. */
export interface FramePrompt {
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly label: 'include' | 'exclude';
  }[];
  readonly box?:
    | {
        readonly left: number;
        readonly top: number;
        readonly right: number;
        readonly bottom: number;
      }
    | undefined;
}

/** Prompts as the decoder's inputs. `prompts` objects are decoded in one run. */
export interface PromptTensors {
  /** Pixels of the square input, `[prompts, tokens, 2]`, x before y. */
  readonly points: Tensor;
  /** `TokenLabel`s as i32, `[prompts, tokens]`. Absent tokens come last. */
  readonly labels: Tensor;
  /** Logits of a previous mask, `[prompts, height, width, 1]`; 0 where there is none. */
  readonly mask: Tensor;
  /** 1 where a previous mask is given, else 0, `[prompts]`. */
  readonly hasMask: Tensor;
}
