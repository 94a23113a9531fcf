import type { ParityCase } from '@samgpu/testing';
import type { AnswerRequest } from '@samgpu/variant';
import {
  type EncodedImage,
  type Mask,
  type Segmentation,
  Segmenter,
  type SegmentOptions,
} from 'samgpu';

import type { CasePrompt } from '../core/description.ts';
import { findPicture } from '../core/find-picture.ts';
import type { CaseRun } from './case-run.ts';
import { checkAnswers } from './check-answers.ts';
import { previousLogits, type OwnLogits } from './previous-logits.ts';
import { publicPrompts } from './prompts.ts';

/** Every prompt once more through the public API, from the file of the picture to masks. */
export async function checkSegmenter(
  run: CaseRun,
  picture: string,
  prompts: readonly CasePrompt[],
  own: OwnLogits,
): Promise<void> {
  const { engine, variant, weights, directory, progress } = run;
  if (engine.segmenter === undefined) {
    return;
  }
  progress('the same through Segmenter');
  using segmenter = await Segmenter.load(variant, { ...engine.segmenter, weights });
  using image = await segmenter.encode(await findPicture(directory, picture));
  for (const prompt of prompts) {
    await segment(run, image, prompt, own);
  }
}

async function segment(
  run: CaseRun,
  image: EncodedImage,
  prompt: CasePrompt,
  own: OwnLogits,
): Promise<void> {
  const { parityCase, description, network, frame, stages } = run;
  const previous = await previousLogits(parityCase, prompt, own, stages);
  const asked = publicPrompts(prompt, frame, previous);
  for (const output of description.outputs.filter((one) => one.prompt === prompt.name)) {
    const options = publicOptions(network.request(output.options));
    const segmentations = await image.segment(asked, options);
    const answers = await inOfficialOrder(parityCase, `${output.tag}.iou`, segmentations);
    await checkAnswers(
      run,
      output,
      {
        scores: answers.map(({ score }) => score),
        logits: answers.map(({ logits }) => logits!),
        masks: answers,
      },
      'segmenter.',
    );
  }
}

/**
 * The public API gives the best mask first, the official one in the order of the network.
 *
 * @param iou - the tensor with the official scores
 */
export async function inOfficialOrder(
  parityCase: ParityCase,
  iou: string,
  segmentations: readonly Segmentation[],
): Promise<Mask[]> {
  const official = parityCase.has(iou) ? (await parityCase.golden(iou)).values : undefined;
  return segmentations.flatMap(({ masks }, row) => {
    if (official === undefined) return masks;
    const scores = official.subarray(row * masks.length, (row + 1) * masks.length);
    const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
    return order.map((_, index) => masks[order.indexOf(index)]!);
  });
}

function publicOptions({ count = 'single', mode }: AnswerRequest): SegmentOptions {
  return {
    multimask: count === 'all' ? count : count === 'multiple',
    ...(mode !== undefined && { mode }),
  };
}
