import {
  elementCount,
  expand,
  formatShape,
  type Graph,
  GraphError,
  nodeAt,
  type Tensor,
  type TensorSpec,
  trace,
  type WeightManifest,
  type Weights,
} from '@samgpu/graph';

import type { PromptTensors } from './prompt.ts';
import type { DecoderOutput, Variant } from './variant.ts';

/** Names of the prompt inputs of a decoder graph; the features of the encoder stand beside them. */
export const PROMPT_INPUTS = ['points', 'labels', 'mask', 'hasMask'] as const;

/** Names of the outputs of a decoder graph. */
export const DECODER_OUTPUTS = ['logits', 'scores'] as const;

/**
 * The image encoder of a variant: input `image`, one output per feature.
 *
 * @throws GraphError where shapes or weights do not fit
 */
export function traceEncoder(variant: Variant, manifest: WeightManifest): Graph {
  const { size } = variant.preprocessing;
  return trace(
    `${variant.name}.encoder`,
    { image: { shape: [1, size, size, 3] } },
    manifest,
    ({ image }, weights) => variant.encode(image, weights),
  );
}

/** Sizes that a decoder graph is fixed to. */
export interface DecoderSizes {
  /** Objects decoded in one run. */
  readonly prompts: number;
  /** Prompt tokens per object; shorter prompts are filled up with absent ones. */
  readonly tokens: number;
  /**
   * Whether prompts may bring a previous mask. Without, what stands for none is computed once for
   * all prompts, and when the graph is compiled; the inputs `mask` and `hasMask` are not there.
   *
   * @defaultValue true
   */
  readonly masks?: boolean;
}

/**
 * Prompt encoder and mask decoder of a variant.
 *
 * Inputs are the features that `encoder` gives and the tensors of `PromptTensors`; outputs are
 * `logits` and `scores`.
 *
 * @throws GraphError where shapes or weights do not fit, a feature is called like a prompt's tensor,
 * or what `decode` gave is not what the variant says about its masks
 */
export function traceDecoder(
  variant: Variant,
  manifest: WeightManifest,
  encoder: Graph,
  { prompts, tokens, masks = true }: DecoderSizes,
): Graph {
  const side = variant.masks.logitSize;
  const sizes = { prompts, tokens, masks };
  const features: Record<string, TensorSpec> = {};
  for (const [name, id] of encoder.outputs) {
    if ((PROMPT_INPUTS as readonly string[]).includes(name)) {
      throw new GraphError(
        variant.name,
        `encode gives a feature called "${name}", which is the name of a prompt's tensor; rename it`,
      );
    }
    const { shape, dtype } = nodeAt(encoder.nodes, id);
    features[name] = { shape, dtype };
  }
  return trace(
    `${variant.name}.decoder.${prompts}x${tokens}${masks ? '' : '.maskless'}`,
    {
      ...features,
      ...promptSpecs(sizes, side),
    },
    manifest,
    ({ points, labels, mask, hasMask, ...rest }, weights) => {
      const given = promptTensors({ points, labels, mask, hasMask }, sizes, side, weights);
      const output = variant.decode(rest, given, weights);
      expectMasks(variant, output, prompts);
      return { logits: output.logits, scores: output.scores };
    },
  );
}

/**
 * The prompt inputs of a decoder graph of these sizes.
 *
 * @param side - of the logits, which a previous mask has as well
 */
export function promptSpecs(
  { prompts, tokens, masks = true }: DecoderSizes,
  side: number,
): Record<string, TensorSpec> {
  return {
    points: { shape: [prompts, tokens, 2] },
    labels: { shape: [prompts, tokens], dtype: 'i32' },
    ...(masks ? { mask: { shape: [prompts, side, side, 1] }, hasMask: { shape: [prompts] } } : {}),
  };
}

/** The same as `decode` takes them, with constants where the graph has no previous masks. */
export function promptTensors(
  { points, labels, mask, hasMask }: Readonly<Record<string, Tensor | undefined>>,
  { prompts }: DecoderSizes,
  side: number,
  weights: Weights,
): PromptTensors {
  const zeros = (shape: readonly number[]): Tensor => {
    const one = [1, ...shape.slice(1)];
    return expand(weights.constant(new Float32Array(elementCount(one)), one), shape);
  };
  return {
    points: points!,
    labels: labels!,
    mask: mask ?? zeros([prompts, side, side, 1]),
    hasMask: hasMask ?? zeros([prompts]),
  };
}

/** Everything after the decoder relies on these shapes, so they are checked once, here. */
function expectMasks(
  { name, masks }: Variant,
  { logits, scores }: DecoderOutput,
  prompts: number,
): void {
  const count = logits.shape[1] ?? 0;
  const wantedLogits = formatShape([prompts, count, masks.logitSize, masks.logitSize]);
  if (formatShape(logits.shape) !== wantedLogits) {
    const side = masks.logitSize;
    throw new GraphError(
      name,
      `decode gave logits ${formatShape(logits.shape)}, wanted [${prompts}, masks, ${side}, ${side}]`,
    );
  }
  const [rows, opinions = 0] = scores.shape;
  if (scores.shape.length !== 2 || rows !== prompts) {
    throw new GraphError(
      name,
      `decode gave scores ${formatShape(scores.shape)}, wanted [${prompts}, scores]`,
    );
  }
  for (const mode of masks.answers) {
    for (const rule of [mode.single, mode.multiple, ...(mode.all ? [mode.all] : [])]) {
      expectInside(name, 'masks', count, rule.masks);
      expectInside(name, 'scores', opinions, rule.scores ?? rule.masks);
    }
  }
}

function expectInside(name: string, what: string, count: number, wanted: readonly number[]): void {
  const missing = wanted.find((index) => index >= count);
  if (missing !== undefined) {
    throw new GraphError(
      name,
      `decode gave ${count} ${what}, but an answer of it names number ${missing} of 0 to ${count - 1}`,
    );
  }
}
