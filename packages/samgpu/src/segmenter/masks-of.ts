import { keepComponentsAt, type MadePixels, Mask } from '@samgpu/mask';
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
  /** Masks that a device enlarged already, by their place in `logits`. */
  readonly made?: ReadonlyMap<number, MadePixels>;
}

/** What masks need to know of their image. */
export interface MaskContext {
  readonly variant: Variant;
  readonly source: SourceImage;
}

/** What is asked of a model, in its own terms. */
export function answerRequest({
  multimask = false,
  mode,
}: Pick<SegmentOptions, 'multimask' | 'mode'>): AnswerRequest {
  const count = multimask === 'all' ? 'all' : multimask ? 'multiple' : 'single';
  return { count, mode };
}

/** Masks that answer a prompt, and which of the decoder's each is. */
export interface AnswerMasks {
  readonly masks: readonly Mask[];
  readonly outputs: readonly number[];
}

/** The masks that answer a prompt, best first. Their pixels are computed here unless they may be lazy. */
export function masksOf(
  { prompt, logits, scores, made }: DecodedPrompt,
  { variant, source }: MaskContext,
  { connected = false, lazy = false, ...asked }: SegmentOptions,
): AnswerMasks {
  const answers = answersTo(variant, scores, answerRequest(asked));
  answers.sort((a, b) => b.score - a.score);
  const under = (prompt.points ?? []).filter(({ label }) => label !== 'exclude');

  const masks = answers.map(({ mask: index, score }) => {
    const mask = maskOf({ variant, source }, index, score, logits, made?.get(index));
    const kept =
      connected && under.length > 0 ? mask.cleanedRle((rle) => keepComponentsAt(rle, under)) : mask;
    // A caller who measures a call expects the mask to be there when it returns.
    if (!lazy) void kept.area;
    return kept;
  });
  return { masks, outputs: answers.map(({ mask }) => mask) };
}

/**
 * One mask of a prompt.
 *
 * @param logits - of all masks of the prompt
 * @param pixels - if a device enlarged it already
 */
export function maskOf(
  { variant, source }: MaskContext,
  index: number,
  score: number,
  logits: Float32Array,
  pixels: MadePixels | undefined,
): Mask {
  const { logitSize: side, threshold, inclusive, stabilityOffset } = variant.masks;
  const { frame } = source;
  const data = logits.slice(index * side * side, (index + 1) * side * side);
  return Mask.fromLogits(
    { width: side, height: side, data },
    {
      size: frame.original,
      path: upsamplingPath(variant, frame),
      threshold,
      inclusive,
      stabilityOffset,
      score,
      source: () => source.pixels,
      ...(pixels && { pixels }),
    },
  );
}
