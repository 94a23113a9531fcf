import { type Graph, nodeAt } from '@samgpu/graph';
import type { FramePrompt, ImagePreprocessing, MaskOutput, Variant } from '@samgpu/variant';

import type { TracedModel } from '../weights/traced-model.ts';

/** A value that goes into a model or comes out of it. */
export interface Port {
  readonly name: string;
  readonly dtype: 'f32' | 'i32';
  readonly shape: readonly number[];
}

/** A token of a prompt. Numbers that are null are those of the prompt, in pixels of the square input. */
interface TokenPattern {
  readonly x: number | null;
  readonly y: number | null;
  readonly label: number;
}

/** What a program needs to know to run the exported models: `model.json`. */
export interface ModelFacts {
  readonly model: string;
  readonly image: ImagePreprocessing;
  readonly masks: Omit<MaskOutput, 'answers' | 'logitLimit' | 'stabilityOffset'>;
  /** Which masks and scores of the decoder answer, for one mask and for alternatives. */
  readonly answer: MaskOutput['answers'][number];
  /** How prompts become tokens. More tokens are filled up with the label -2, which takes no part. */
  readonly tokens: {
    /** One click on the object. */
    readonly click: readonly TokenPattern[];
    /** A box, if the model takes any. */
    readonly box?: readonly TokenPattern[];
  };
  readonly encoder: { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] };
  readonly decoder: { readonly inputs: readonly Port[]; readonly outputs: readonly Port[] };
}

export function modelFacts(variant: Variant, { encoder, decoder }: TracedModel): ModelFacts {
  const { answers, logitLimit: _, stabilityOffset: __, ...masks } = variant.masks;
  const click: FramePrompt = { points: [{ x: X[0], y: Y[0], label: 'include' }] };
  const box: FramePrompt = {
    points: [],
    box: { left: X[0], top: Y[0], right: X[1], bottom: Y[1] },
  };
  return {
    model: variant.name,
    image: variant.preprocessing,
    masks,
    answer: answers[0]!,
    tokens: {
      click: pattern(variant, click),
      ...(variant.capabilities.boxes && { box: pattern(variant, box) }),
    },
    encoder: ports(encoder),
    decoder: ports(decoder),
  };
}

// Numbers that no model has among its paddings.
const X: readonly [number, number] = [100.25, 110.25];
const Y: readonly [number, number] = [200.5, 210.5];

function pattern(variant: Variant, prompt: FramePrompt): TokenPattern[] {
  const given = new Set([...X, ...Y]);
  return variant.tokens(prompt).map(({ x, y, label }) => ({
    x: given.has(x) ? null : x,
    y: given.has(y) ? null : y,
    label,
  }));
}

function ports({ nodes, inputs, outputs }: Graph): { inputs: Port[]; outputs: Port[] } {
  const describe = (places: ReadonlyMap<string, number>): Port[] =>
    Array.from(places, ([name, id]) => {
      const { dtype, shape } = nodeAt(nodes, id);
      return { name, dtype, shape };
    });
  return { inputs: describe(inputs), outputs: describe(outputs) };
}
