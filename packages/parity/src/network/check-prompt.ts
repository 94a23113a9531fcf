import { answersTo, TokenLabel } from '@samgpu/variant';

import type { CasePrompt } from '../core/description.ts';
import type { Outputs } from '../core/engine.ts';
import { channelsFirst, leadingBlock } from '../core/layout.ts';
import { UnsupportedCaseError } from '../core/result.ts';
import { messageOf } from '../core/stage-list.ts';
import type { CaseRun } from './case-run.ts';
import { type Answers, checkAnswers } from './check-answers.ts';
import type { DecoderPrograms } from './decoder-programs.ts';
import type { OwnLogits } from './previous-logits.ts';
import { previousLogits } from './previous-logits.ts';
import { publicPrompts } from './prompts.ts';
import { batchPrompts, type PromptBatch } from './samgpu.ts';
import { SMALLEST_LIMIT } from './stage-limits.ts';

type Shape4 = readonly [number, number, number, number];

/**
 * One prompt from features to masks at the size of the picture, and what lies between as far as the
 * case has it.
 *
 * @returns the logits of its answers, by tag
 */
export async function checkPrompt(
  run: CaseRun,
  prompt: CasePrompt,
  programs: DecoderPrograms,
  earlier: OwnLogits,
): Promise<OwnLogits> {
  const { parityCase, variant, frame, stages } = run;
  const previous = await previousLogits(parityCase, prompt, earlier, stages);
  const asked = publicPrompts(prompt, frame, previous);
  const batch = batchPrompts(asked, variant, frame);
  const outputs = await programs.decode(batch);
  await checkStages(run, prompt.name, asked.length, batch, outputs);

  const logits = outputs['logits']!;
  const [, , height, width] = logits.shape as Shape4;
  const masksPerPrompt = logits.shape[1]!;
  const scoresPerPrompt = outputs['scores']!.shape[1]!;
  const allLogits = Float32Array.from(logits.data);
  const allScores = Float32Array.from(outputs['scores']!.data);
  const own = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const output of run.description.outputs.filter((one) => one.prompt === prompt.name)) {
    try {
      const request = run.network.request(output.options);
      const answers: Answers = { scores: [], logits: [] };
      asked.forEach((_, row) => {
        const scores = allScores.subarray(row * scoresPerPrompt, (row + 1) * scoresPerPrompt);
        for (const { mask, score } of answersTo(variant, scores, request)) {
          const start = (row * masksPerPrompt + mask) * height * width;
          answers.scores.push(score);
          answers.logits.push({
            width,
            height,
            data: allLogits.slice(start, start + height * width),
          });
        }
      });
      await checkAnswers(run, output, answers);
      const shape = [answers.logits.length, height, width];
      own.set(output.tag, { shape, data: joined(answers.logits.map(({ data }) => data)) });
    } catch (error) {
      if (!(error instanceof UnsupportedCaseError)) throw error;
      stages.fail(output.tag, messageOf(error));
    }
  }
  return own;
}

async function checkStages(
  { description, stages, network }: CaseRun,
  prompt: string,
  count: number,
  { sizes, inputs }: PromptBatch,
  outputs: Outputs,
): Promise<void> {
  // What the batch was filled up with is cut off again.
  const labels = Array.from(inputs['labels']!.data, Number);
  const rows = Array.from({ length: count }, (_, row) => {
    const own = labels.slice(row * sizes.tokens, (row + 1) * sizes.tokens);
    const given = own.filter((label) => label !== TokenLabel.absent);
    return network.officialTokens?.(given) ?? given.map((_, place) => place);
  });
  // Codes of positions are sines of angles up to 4 pi, where float32 has steps of 1e-6. For the others
  // the case states no limit either: logits are sums of their products, in which errors add up.
  const positions = { maxAbs: SMALLEST_LIMIT };
  const attended = { maxAbs: description.limits.lowRes };

  const tokens = async (stage: string, limit: { maxAbs: number }): Promise<void> => {
    const output = outputs[stage];
    if (output !== undefined) {
      const [, length, channels] = output.shape as [number, number, number];
      const before = length - sizes.tokens; // the decoder's own tokens, where there are any
      const kept = rows.flatMap((places, row) => [
        ...Array.from({ length: before }, (_, own) => row * length + own),
        ...places.map((place) => row * length + before + place),
      ]);
      const data = Float32Array.from(output.data);
      const values = joined(
        kept.map((token) => data.subarray(token * channels, (token + 1) * channels)),
      );
      await stages.compare(`${prompt}.${stage}`, values, limit);
    }
  };
  const map = async (
    stage: string,
    limit: { maxAbs: number },
    { rows = false, name = `${prompt}.${stage}`, batch = count } = {},
  ): Promise<void> => {
    const output = outputs[stage];
    if (output !== undefined) {
      const shape = [batch, ...output.shape.slice(1)] as unknown as Shape4;
      const values = leadingBlock(output.data, output.shape, shape);
      await stages.compare(name, rows ? values : channelsFirst(values, shape), limit);
    }
  };
  if (!stages.stages.some(({ name }) => name === 'dense_pe')) {
    await map('dense_pe', positions, { name: 'dense_pe', batch: 1 });
  }
  await tokens('sparse', positions);
  await map('dense', positions);
  await tokens('tokens_out', attended);
  await map('src_out', attended, { rows: true });
  await map('upscaled', attended);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}
