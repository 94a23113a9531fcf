import { type Graph, nodeAt, type TensorSpec, trace, type WeightManifest } from '@samgpu/graph';

import type { Variant } from './variant.ts';

/** Names of the prompt inputs of a decoder graph; the features of the encoder stand beside them. */
export const PROMPT_INPUTS = ['points', 'labels', 'mask', 'hasMask'] as const;

/** Names of the outputs of a decoder graph. */
export const DECODER_OUTPUTS = ['logits', 'scores'] as const;

/** The image encoder of a variant: input `image`, one output per feature. */
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
}

/**
 * Prompt encoder and mask decoder of a variant.
 *
 * Inputs are the features that `encoder` gives and the tensors of `PromptTensors`; outputs are
 * `logits` and `scores`.
 */
export function traceDecoder(
  variant: Variant,
  manifest: WeightManifest,
  encoder: Graph,
  { prompts, tokens }: DecoderSizes,
): Graph {
  const side = variant.masks.logitSize;
  const features: Record<string, TensorSpec> = {};
  for (const [name, id] of encoder.outputs) {
    const { shape, dtype } = nodeAt(encoder.nodes, id);
    features[name] = { shape, dtype };
  }
  return trace(
    `${variant.name}.decoder.${prompts}x${tokens}`,
    {
      ...features,
      points: { shape: [prompts, tokens, 2] },
      labels: { shape: [prompts, tokens], dtype: 'i32' },
      mask: { shape: [prompts, side, side, 1] },
      hasMask: { shape: [prompts] },
    },
    manifest,
    ({ points, labels, mask, hasMask, ...rest }, weights) => {
      const { logits, scores } = variant.decode(rest, { points, labels, mask, hasMask }, weights);
      return { logits, scores };
    },
  );
}
