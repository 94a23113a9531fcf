import type { Variant } from '@samgpu/variant';
import type { EncodedImage, Prompt } from 'samgpu';

import type { Candidate, SegmentReply, SegmentRequest } from '../engine.ts';

/** Asks a model, in the way that fits the prompt. */
export async function segmentImage(
  image: EncodedImage,
  _variant: Variant,
  { points, box, mask, answers }: SegmentRequest,
  signal: AbortSignal | undefined,
): Promise<SegmentReply> {
  const start = performance.now();
  const prompt: Prompt = {
    ...(points && { points }),
    ...(box && { box }),
    ...(mask && { mask }),
  };
  const multimask = answers === 'ambiguous';
  const { masks } = await image.segment(prompt, { multimask, ...(signal && { signal }) });
  const kind = multimask ? 'alternative' : 'single';
  const candidates = masks.map((mask): Candidate => ({ mask, kind }));
  return { candidates, milliseconds: performance.now() - start };
}
