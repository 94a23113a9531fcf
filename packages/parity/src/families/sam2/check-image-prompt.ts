import type { WeightStore } from '@samgpu/graph';
import { answersTo, TokenLabel, type Variant } from '@samgpu/variant';
import { Mask, upsampleLogits } from 'samgpu';

import type { Outputs } from '../../core/engine.ts';
import type { CaseFolder } from '../../core/family.ts';
import { channelsFirst, leadingBlock } from '../../core/layout.ts';
import { comparedBits } from '../../core/masks.ts';
import type { Answers } from '../../network/check-answers.ts';
import type { DecoderPrograms } from '../../network/decoder-programs.ts';
import { batchPrompts, type Frame, upsamplingPath } from '../../network/samgpu.ts';
import { type ImagePrompt, publicImagePrompts } from './image-prompts.ts';
import { pixelsNearThreshold } from './pixels-near-threshold.ts';

type Shape4 = readonly [number, number, number, number];

export interface ImageRun extends CaseFolder {
  readonly variant: Variant;
  readonly weights: WeightStore;
  readonly frame: Frame;
}

/** One prompt from the encoder's features to masks, and what lies between. */
export async function checkImagePrompt(
  run: ImageRun,
  prompt: ImagePrompt,
  programs: DecoderPrograms,
): Promise<void> {
  const { variant, frame } = run;
  const asked = publicImagePrompts(prompt, frame, variant.masks.logitSize);
  const batch = batchPrompts(asked, variant, frame);
  const outputs = await programs.decode(batch);
  const count = asked.length;
  const labels = batch.inputs['labels']!;
  const used = Array.from({ length: count }, (_, row) => {
    const own = labels.data.subarray(row * batch.sizes.tokens, (row + 1) * batch.sizes.tokens);
    return own.filter((label) => label !== TokenLabel.absent).length;
  });
  await checkStages(run, prompt.name, { count, tokens: Math.max(...used) }, outputs);

  const { data, shape } = outputs['logits']!;
  const [, masks, height, width] = shape as Shape4;
  const scoreWidth = outputs['scores']!.shape[1]!;
  const logits = Float32Array.from(data);
  const scores = Float32Array.from(outputs['scores']!.data);
  for (const isMultiple of prompt.multimask) {
    const answers: Answers = { scores: [], logits: [] };
    for (let row = 0; row < count; row++) {
      const own = scores.subarray(row * scoreWidth, (row + 1) * scoreWidth);
      const request = { count: isMultiple ? 'multiple' : 'single' } as const;
      for (const { mask, score } of answersTo(variant, own, request)) {
        const start = (row * masks + mask) * height * width;
        answers.scores.push(score);
        answers.logits.push({ width, height, data: logits.slice(start, start + height * width) });
      }
    }
    await checkImageAnswer(run, `${prompt.name}.${isMultiple ? 'multi' : 'single'}`, answers);
  }
}

/** What a batch was filled up with is cut off again. */
async function checkStages(
  { stages }: ImageRun,
  prompt: string,
  { count, tokens }: { readonly count: number; readonly tokens: number },
  outputs: Outputs,
): Promise<void> {
  const cut = (
    name: string,
    ...wanted: readonly (number | undefined)[]
  ): [Float32Array, Shape4] => {
    const { data, shape } = outputs[name]!;
    const kept = shape.map((length, axis) => wanted[axis] ?? length);
    return [leadingBlock(data, shape, kept), kept as unknown as Shape4];
  };
  const rows = async (name: string, second?: number): Promise<void> => {
    const [values] = cut(name, count, second);
    await stages.compare(`${prompt}.${name}`, values);
  };
  if (!stages.stages.some(({ name }) => name === 'dense_pe')) {
    await stages.compare('dense_pe', channelsFirst(...cut('dense_pe')));
  }
  await rows('sparse_embeddings', tokens);
  const dense = cut('dense_embeddings', count);
  await stages.compare(`${prompt}.dense_embeddings`, channelsFirst(...dense));
  await rows('all_mask_logits');
  await rows('all_iou');
  await rows('mask_tokens_out');
  await rows('object_score_logits');
}

/**
 * Masks and scores that answer a prompt, within the limits that the case states for each tensor.
 *
 * @param prefix - before the names of stages, where the same answer is compared twice
 */
export async function checkImageAnswer(
  { parityCase, stages, frame, variant }: ImageRun,
  tag: string,
  answers: Answers,
  prefix = '',
): Promise<void> {
  const { logits, scores } = answers;
  const as = (name: string): { as: string } => ({ as: `${prefix}${tag}.${name}` });
  await stages.compare(`${tag}.iou`, scores, undefined, as('iou'));
  // The official code hands them on clamped.
  const clamped = logits.flatMap(({ data }) =>
    Array.from(data, (value) => Math.min(Math.max(value, -32), 32)),
  );
  await stages.compare(`${tag}.low_res_logits`, clamped, undefined, as('low_res_logits'));

  const size = frame.original;
  const path = upsamplingPath(variant, frame);
  if (prefix === '' && parityCase.has(`${tag}.mask_logits`)) {
    const full = logits.flatMap((one) => [
      ...upsampleLogits(one, size, path, { returnLogits: true }).logits!.data,
    ]);
    await stages.compare(`${tag}.mask_logits`, full, undefined, as('mask_logits'));
  }
  const masks = answers.masks ?? logits.map((one) => Mask.fromLogits(one, { size, path }));
  const best = scores.indexOf(Math.max(...scores));
  for (const [name, chosen] of [
    ['mask_bits', masks],
    ['best_mask_bits', [masks[best]!]],
  ] as const) {
    if (parityCase.has(`${tag}.${name}`)) {
      const { shape, bits } = await parityCase.masks(`${tag}.${name}`);
      const allowed = pixelsNearThreshold(parityCase.description, `${tag}.${name}`);
      stages.add(comparedBits(as(name).as, shape, chosen, bits, allowed));
    }
  }
}
