import { Mask, upsampleLogits } from 'samgpu';

import type { CaseOutput } from '../core/description.ts';
import { comparedAreas, comparedMasks } from '../core/masks.ts';
import type { CaseRun } from './case-run.ts';
import type { PreviousLogits } from './prompts.ts';
import { upsamplingPath } from './samgpu.ts';

/** What answers a prompt, or several one after another, in the official order. */
export interface Answers {
  readonly scores: number[];
  readonly logits: PreviousLogits[];
  /** Their masks, where they were made already. */
  readonly masks?: readonly Mask[];
}

/**
 * Masks and scores that answer a prompt, at low resolution and at the picture's.
 *
 * @param prefix - before the names of stages, where the same answer is compared twice
 */
export async function checkAnswers(
  { parityCase, description, variant, frame, stages }: CaseRun,
  { tag, maskAreas }: CaseOutput,
  answers: Answers,
  prefix = '',
): Promise<void> {
  const { limits } = description;
  const { logits, scores } = answers;
  const as = (name: string): { as: string } => ({ as: `${prefix}${tag}.${name}` });
  const lowRes = logits.flatMap(({ data }) => [...data]);
  await stages.compare(`${tag}.low_res`, lowRes, { maxAbs: limits.lowRes }, as('low_res'));
  await stages.compare(`${tag}.iou`, scores, { maxAbs: limits.iou }, as('iou'));

  const path = upsamplingPath(variant, frame);
  const { threshold, inclusive } = variant.masks;
  const size = frame.original;
  if (prefix === '' && parityCase.has(`${tag}.full_logits`)) {
    const full = logits.flatMap((one) => {
      const enlarged = upsampleLogits(one, size, path, { inclusive, returnLogits: true });
      return [...enlarged.logits!.data];
    });
    // Enlarging averages, so no error grows; cubic weights let it grow by less than two.
    await stages.compare(`${tag}.full_logits`, full, { maxAbs: limits.lowRes }, as('full_logits'));
  }
  const masks =
    answers.masks ??
    logits.map((one) => Mask.fromLogits(one, { size, path, threshold, inclusive }));
  if (maskAreas.length > 0) {
    const areas = masks.map(({ area }) => area);
    stages.add(comparedAreas(as('mask_area').as, areas, maskAreas, limits.maskIoU));
  }
  if (parityCase.has(`${tag}.masks`)) {
    const { shape, bits } = await parityCase.masks(`${tag}.masks`);
    const stored = shape[0] ?? 0;
    const chosen = storedMasks(masks.length, stored, bits, maskAreas);
    const name = as('masks').as;
    if (chosen === undefined) {
      stages.fail(name, `the case holds ${stored} of ${masks.length} masks, and not which`);
    } else {
      const kept = chosen.map((index) => masks[index]!);
      stages.add(comparedMasks({ name, shape, minimumIoU: limits.maskIoU }, kept, bits));
    }
  }
}

/**
 * Which masks a case holds: all, or every n-th. Their areas tell which n where several fit.
 *
 * @param areas - of all masks, where the case has them
 */
export function storedMasks(
  count: number,
  stored: number,
  bits: Uint8Array,
  areas: readonly number[],
): number[] | undefined {
  const pixels = bits.length / stored;
  const areaOf = (index: number): number =>
    bits.subarray(index * pixels, (index + 1) * pixels).reduce((sum, bit) => sum + bit, 0);
  const own = Array.from({ length: stored }, (_, index) => areaOf(index));
  for (let step = 1; step <= count; step++) {
    const indices = Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
    const fits = areas.length !== count || indices.every((at, i) => areas[at] === own[i]);
    if (indices.length === stored && fits) return indices;
  }
  return undefined;
}
