import { keepComponentsAt, Mask } from '@samgpu/mask';
import { type AnswerRequest, answersTo, type Variant } from '@samgpu/variant';

import { upsamplingPath } from './previous-mask.ts';
import type { Prompt, SegmentOptions } from './prompt.ts';
import type { SourceImage } from './source-image.ts';

/** What a decoder gave for one prompt. */
export interface DecodedPrompt {
  readonly prompt: Prompt;
  /** `[masks, logitSize, logitSize]` */
  readonly logits: Float32Array;
  /** `[masks]` */
  readonly scores: Float32Array;
}

/** What masks need to know of their image. */
export interface MaskContext {
  readonly variant: Variant;
  readonly source: SourceImage;
}

/** What is asked of a model, in its own terms. */
export function answerRequest({ multimask = false, mode }: SegmentOptions): AnswerRequest {
  const count = multimask === 'all' ? 'all' : multimask ? 'multiple' : 'single';
  return { count, mode };
}

/** The masks that answer a prompt, best first. Their pixels are computed here, not later. */
export function masksOf(
  { prompt, logits, scores }: DecodedPrompt,
  { variant, source }: MaskContext,
  { connected = false, ...asked }: SegmentOptions,
): Mask[] {
  const { masks: output } = variant;
  const { frame } = source;
  const side = output.logitSize;
  const path = upsamplingPath(variant, frame);
  const answers = answersTo(variant, scores, answerRequest(asked));
  answers.sort((a, b) => b.score - a.score);
  const under = (prompt.points ?? []).filter(({ label }) => label !== 'exclude');

  return answers.map(({ mask: index, score }) => {
    const mask = Mask.fromLogits(
      {
        width: side,
        height: side,
        data: logits.slice(index * side * side, (index + 1) * side * side),
      },
      {
        size: frame.original,
        path,
        threshold: output.threshold,
        inclusive: output.inclusive,
        stabilityOffset: output.stabilityOffset,
        score,
        source: () => source.pixels,
      },
    );
    const kept =
      connected && under.length > 0
        ? mask.cleaned((bitmap) => keepComponentsAt(bitmap, under))
        : mask;
    // A caller who measures a call expects the mask to be there when it returns.
    void kept.area;
    return kept;
  });
}
