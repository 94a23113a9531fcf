import { reshape, trace } from '@samgpu/graph';
import type { PromptTensors } from '@samgpu/variant';

import { upscale } from '../mask-decoder.ts';
import { encodeDense, encodeGrid, encodeTokens } from '../prompt-encoder.ts';
import type { CasePrompt, DecoderCase } from './case.ts';
import { checkAnswers } from './check-answers.ts';
import type { FeatureValues } from './check-encoder.ts';
import { expectGolden, isStored, openFixture } from './golden.ts';
import { channelsFirst } from './layout.ts';
import { decoderPrompt, promptSpecs, promptValues } from './prompt-values.ts';
import type { Outputs, Run } from './run.ts';

type Shape4 = readonly [number, number, number, number];

/** One prompt from an encoder's features to masks, and what lies between as far as the case has it. */
export async function checkPrompt(
  decoderCase: DecoderCase,
  prompt: CasePrompt,
  features: FeatureValues,
  run: Run,
): Promise<void> {
  const outputs = await decode(decoderCase, prompt, features, run);
  await checkStages(decoderCase, prompt.name, outputs);
  const scores = [...Float32Array.from(outputs['scores']!.data)];
  for (const [name, answersFor] of Object.entries(decoderCase.answers)) {
    await checkAnswers(decoderCase, `${prompt.name}.${name}`, answersFor(scores), outputs);
  }
}

async function decode(
  decoderCase: DecoderCase,
  prompt: CasePrompt,
  features: FeatureValues,
  run: Run,
): Promise<Outputs> {
  const { weights, decoder } = decoderCase;
  const [, height, width] = features['embedding']!.shape as Shape4;
  const values = promptValues([await decoderPrompt(decoderCase, prompt)], 4 * height);
  const graph = trace(
    `decoder ${prompt.name}`,
    { ...features, ...promptSpecs(values) },
    weights.tensors,
    ({ points, labels, mask, hasMask, ...features }, w) => {
      const prompts: PromptTensors = { points, labels, mask, hasMask };
      const { tokens, map, logits, scores } = decoderCase.decode(features, prompts, w);
      const encoder = w.at('prompt_encoder');
      return {
        sparse: encodeTokens(prompts, encoder, decoder.imageSize),
        dense: encodeDense(prompts, encoder),
        dense_pe: reshape(encodeGrid(encoder, height, width), [1, height, width, -1]),
        tokens_out: tokens,
        src_out: map,
        upscaled: upscale(map, w.at('mask_decoder.output_upscaling')),
        logits,
        scores,
      };
    },
  );
  return run(graph, { ...features, ...values }, weights);
}

async function checkStages(
  { golden, limits }: DecoderCase,
  prompt: string,
  outputs: Outputs,
): Promise<void> {
  const planes = (name: string): Float32Array =>
    channelsFirst(outputs[name]!.data, outputs[name]!.shape as Shape4);
  // The prompt encoder sees nothing of the picture, so the limits of its modules hold.
  const modules = await openFixture('modules_sam');
  const limitOf = async (name: string): Promise<number> =>
    (await modules.golden(name)).limit!.maxAbs;

  const positions = await limitOf('prompt_encoder.points_and_box');
  await expectGolden(golden, `${prompt}.sparse`, outputs['sparse']!.data, positions);
  const grid = await limitOf('prompt_encoder.dense_pe');
  await expectGolden(golden, 'dense_pe', planes('dense_pe'), grid);
  if (isStored(golden, `${prompt}.dense`)) {
    const limit = await limitOf('mask_downscaling.out');
    await expectGolden(golden, `${prompt}.dense`, planes('dense'), limit);
  }

  // The case states no limit for these. Logits are sums of their products, which errors add up in.
  const limit = limits.low_res_max_abs;
  await expectGolden(golden, `${prompt}.tokens_out`, outputs['tokens_out']!.data, limit);
  if (isStored(golden, `${prompt}.src_out`)) {
    await expectGolden(golden, `${prompt}.src_out`, outputs['src_out']!.data, limit);
    await expectGolden(golden, `${prompt}.upscaled`, planes('upscaled'), limit);
  }
}
