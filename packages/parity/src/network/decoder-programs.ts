import { trace } from '@samgpu/graph';
import { type DecoderSizes, promptSpecs, promptTensors } from '@samgpu/variant';

import type { Outputs, Runnable } from '../core/engine.ts';
import { mergeDuplicates } from '../core/merge-duplicates.ts';
import type { CaseRun } from './case-run.ts';
import type { FeatureValues } from './check-encoder.ts';
import type { DecoderStages } from './network.ts';
import type { PromptBatch } from './samgpu.ts';

/** The decoder of a case with its stages, compiled once for each size of batch that its prompts need. */
export class DecoderPrograms {
  readonly #run: CaseRun;
  readonly #features: FeatureValues;
  readonly #programs = new Map<string, Runnable>();

  constructor(run: CaseRun, features: FeatureValues) {
    this.#run = run;
    this.#features = features;
  }

  /** @returns `logits`, `scores`, and the stages that the case holds for any prompt */
  async decode({ sizes, inputs }: PromptBatch): Promise<Outputs> {
    const key = `${sizes.prompts}x${sizes.tokens}${sizes.masks === false ? '.maskless' : ''}`;
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = await this.#compile(key, sizes);
      this.#programs.set(key, program);
    }
    return program.run({ ...this.#features, ...inputs });
  }

  dispose(): void {
    this.#programs.forEach((program) => program.dispose());
    this.#programs.clear();
  }

  #compile(key: string, sizes: DecoderSizes): Promise<Runnable> {
    const { parityCase, network, variant, weights, engine } = this.#run;
    const side = variant.masks.logitSize;
    const graph = trace(
      `${variant.name}.decoder.${key}`,
      { ...this.#features, ...promptSpecs(sizes, side) },
      weights.tensors,
      ({ points, labels, mask, hasMask, ...features }, w) => {
        const prompts = promptTensors({ points, labels, mask, hasMask }, sizes, side, w);
        const stages: DecoderStages = network.decoderStages(features, prompts, w);
        const isHeld = (stage: string): boolean =>
          parityCase.names.some((name) => `.${name}.`.includes(`.${stage}.`));
        const { logits, scores } = variant.decode(features, prompts, w);
        return {
          ...Object.fromEntries(Object.entries(stages).filter(([stage]) => isHeld(stage))),
          logits,
          scores,
        };
      },
    );
    return engine.compile(mergeDuplicates(graph), weights);
  }
}
