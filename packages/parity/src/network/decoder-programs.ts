import { type Tensor, trace, type Weights, type WeightStore } from '@samgpu/graph';
import {
  type DecoderSizes,
  promptSpecs,
  promptTensors,
  type PromptTensors,
  type Variant,
} from '@samgpu/variant';

import type { Engine, Outputs, Runnable } from '../core/engine.ts';
import { mergeDuplicates } from '../core/merge-duplicates.ts';
import type { FeatureValues } from './check-encoder.ts';
import type { Features } from './network.ts';
import type { PromptBatch } from './samgpu.ts';

/** A decoder that is to be run with what lies inside it. */
export interface DecoderParts {
  readonly variant: Variant;
  readonly weights: WeightStore;
  readonly engine: Engine;
  readonly features: FeatureValues;
  /** What is wanted beside logits and scores, by name. */
  readonly stages: (
    features: Features,
    prompts: PromptTensors,
    w: Weights,
  ) => Readonly<Record<string, Tensor>>;
}

/** The decoder of a case, compiled once for each size of batch that its prompts need. */
export class DecoderPrograms {
  readonly #parts: DecoderParts;
  readonly #programs = new Map<string, Runnable>();

  constructor(parts: DecoderParts) {
    this.#parts = parts;
  }

  /** @returns `logits`, `scores` and the stages */
  async decode({ sizes, inputs }: PromptBatch): Promise<Outputs> {
    const key = `${sizes.prompts}x${sizes.tokens}${sizes.masks === false ? '.maskless' : ''}`;
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = await this.#compile(key, sizes);
      this.#programs.set(key, program);
    }
    return program.run({ ...this.#parts.features, ...inputs });
  }

  dispose(): void {
    this.#programs.forEach((program) => program.dispose());
    this.#programs.clear();
  }

  #compile(key: string, sizes: DecoderSizes): Promise<Runnable> {
    const { variant, weights, engine, features, stages } = this.#parts;
    const side = variant.masks.logitSize;
    const graph = trace(
      `${variant.name}.decoder.${key}`,
      { ...features, ...promptSpecs(sizes, side) },
      weights.tensors,
      ({ points, labels, mask, hasMask, ...rest }, w) => {
        const prompts = promptTensors({ points, labels, mask, hasMask }, sizes, side, w);
        const { logits, scores } = variant.decode(rest, prompts, w);
        return { ...stages(rest, prompts, w), logits, scores };
      },
    );
    return engine.compile(mergeDuplicates(graph), weights);
  }
}
