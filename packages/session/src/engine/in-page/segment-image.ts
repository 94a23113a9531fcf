import type { MaskOutput, Variant } from '@samgpu/variant';
import type { EncodedImage, Prompt, SegmentOptions } from 'samgpu';

import type { Candidate, SegmentReply, SegmentRequest } from '../engine.ts';
import { rankCandidates } from '../rank-candidates.ts';
import { withoutStrays } from '../without-strays.ts';

/** Asks a model, in the way that fits the prompt. The pixels of the best candidate are made here. */
export async function segmentImage(
  image: EncodedImage,
  { masks: rules }: Variant,
  request: SegmentRequest,
  signal: AbortSignal | undefined,
): Promise<SegmentReply> {
  const start = performance.now();
  const { points, box, mask, isHint = false, answers } = request;
  const isClear = answers === 'clear';
  const prompt: Prompt = {
    ...(points && { points }),
    ...(box && { box }),
    ...(mask && { mask }),
    ...(isHint && { maskLimit: rules.logitLimit * HINT }),
  };
  const multimask = multimaskFor(rules, isClear);
  const options: SegmentOptions = { multimask, lazy: true, ...(signal && { signal }) };
  const { masks, outputs } = await image.segment(prompt, options);
  const single = rules.answers[0]!.single.masks;
  const first = isClear || rules.ambiguous === 'single' ? 'single' : 'alternative';
  const all = masks.map((mask, i): Candidate => ({
    mask,
    kind: single.includes(outputs[i]!) && multimask !== true ? 'single' : 'alternative',
  }));
  const ranked = rankCandidates(all, request, first).map((one) => withoutStrays(one, request));
  void ranked[0]?.mask.area;
  return { candidates: ranked, milliseconds: performance.now() - start };
}

/** Strength of a mask that is only a hint, beside one that was given. */
const HINT = 0.5;

function multimaskFor({ answers, ambiguous }: MaskOutput, isClear: boolean): boolean | 'all' {
  const [mode] = answers;
  const wantsAll = isClear || ambiguous === 'single';
  if (wantsAll && mode!.all !== undefined) return 'all';
  return !isClear;
}
