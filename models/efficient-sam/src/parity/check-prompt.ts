import { type HostValue, reshape, trace } from '@samgpu/graph';
import { encodeGrid } from '@samgpu/sam';
import { type FramePrompt, TokenLabel } from '@samgpu/variant';

import type { CasePrompt, PromptCase } from '../../../sam/src/parity/case.ts';
import { checkAnswers } from '../../../sam/src/parity/check-answers.ts';
import { expectGolden, isStored } from '../../../sam/src/parity/golden.ts';
import { channelsFirst } from '../../../sam/src/parity/layout.ts';
import { promptValues } from '../../../sam/src/parity/prompt-values.ts';
import type { Outputs, Run } from '../../../sam/src/parity/run.ts';
import { attendToPrompts, decodeMasks } from '../mask-decoder.ts';
import { encodeTokens, promptTokens } from '../prompt-encoder.ts';
import { upscale } from '../upscaling.ts';

type Shape4 = readonly [number, number, number, number];

/** Of sines and cosines. Their angles reach 4 pi, where float32 has steps of 1e-6. */
const POSITION_LIMIT = 4e-6;

/** Masks that answer a prompt: `multimask_output` of the official code, on and off. */
const ANSWERS = { multi: [1, 2, 3], single: [0] } as const;

/** One prompt from an embedding to masks, and what lies between as far as the case has it. */
export async function checkPrompt(
  promptCase: PromptCase,
  prompt: CasePrompt,
  embedding: HostValue,
  run: Run,
): Promise<void> {
  const outputs = await decode(promptCase, prompt, embedding, run);
  await checkStages(promptCase, prompt.name, outputs);
  const scores = [...Float32Array.from(outputs['scores']!.data)];
  for (const [name, masks] of Object.entries(ANSWERS)) {
    await checkAnswers(
      { ...promptCase, path: { mode: 'bicubic-direct' }, inclusive: true },
      `${prompt.name}.${name}`,
      masks.map((mask) => ({ mask, score: scores[mask]! })),
      outputs,
    );
  }
}

async function decode(
  { weights, decoder, frame }: PromptCase,
  prompt: CasePrompt,
  embedding: HostValue,
  run: Run,
): Promise<Outputs> {
  const [, height, width] = embedding.shape as Shape4;
  const tokens = promptTokens(framePrompt(prompt, frame));
  const { points, labels } = promptValues([{ tokens }], 4 * height);
  const graph = trace(
    `decoder ${prompt.name}`,
    {
      embedding,
      points: { shape: points.shape },
      labels: { shape: labels.shape, dtype: 'i32' },
    },
    weights.tensors,
    ({ embedding, ...prompts }, w) => {
      const encoder = w.at('prompt_encoder');
      const attended = attendToPrompts(embedding, prompts, w, decoder);
      return {
        sparse: encodeTokens(prompts, encoder, decoder.imageSize),
        dense_pe: reshape(encodeGrid(encoder, height, width), [1, height, width, 256]),
        tokens_out: attended.tokens,
        src_out: attended.map,
        upscaled: upscale(attended.map, w.at('mask_decoder.final_output_upscaling_layers')),
        ...decodeMasks(embedding, prompts, w, decoder),
      };
    },
  );
  return run(graph, { embedding, points, labels }, weights);
}

/** The cases list a box as its corners, which bear labels of their own. */
function framePrompt(
  { points = [], labels = [] }: CasePrompt,
  frame: PromptCase['frame'],
): FramePrompt {
  const tokens = points.map(([x, y], index) => ({ ...frame.toFrame(x, y), label: labels[index]! }));
  const corner = (label: number) => tokens.find((token) => token.label === label);
  const [first, last] = [corner(TokenLabel.boxTopLeft), corner(TokenLabel.boxBottomRight)];
  return {
    points: tokens
      .filter(({ label }) => label <= TokenLabel.include)
      .map(({ x, y, label }) => ({
        x,
        y,
        label: label === TokenLabel.include ? 'include' : 'exclude',
      })),
    ...(first && last && { box: { left: first.x, top: first.y, right: last.x, bottom: last.y } }),
  };
}

async function checkStages(
  { golden, limits }: PromptCase,
  prompt: string,
  outputs: Outputs,
): Promise<void> {
  const planes = (name: string): Float32Array =>
    channelsFirst(outputs[name]!.data, outputs[name]!.shape as Shape4);
  // The case states no limits for these. All but positions go into logits as sums of products, in
  // which errors add up.
  await expectGolden(golden, `${prompt}.sparse`, outputs['sparse']!.data, POSITION_LIMIT);
  await expectGolden(golden, 'dense_pe', planes('dense_pe'), POSITION_LIMIT);
  const limit = limits.low_res_max_abs;
  await expectGolden(golden, `${prompt}.tokens_out`, outputs['tokens_out']!.data, limit);
  if (isStored(golden, `${prompt}.src_out`)) {
    await expectGolden(golden, `${prompt}.src_out`, outputs['src_out']!.data, limit);
    await expectGolden(golden, `${prompt}.upscaled`, planes('upscaled'), limit);
  }
}
