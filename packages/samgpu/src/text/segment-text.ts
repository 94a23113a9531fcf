import { boxNms, Mask, maskNms } from '@samgpu/mask';
import { Pause } from '@samgpu/matte/pause';
import type { Variant } from '@samgpu/variant';

import type { PixelImage } from '../image-source/index.ts';
import type { Prompt, Segmentation, SegmentOptions } from '../segmenter/prompt.ts';
import { MAXIMUM_PROMPTS } from '../segmenter/prompt-batch.ts';
import { SegmenterError } from '../segmenter/segmenter-error.ts';
import { askGrounder, type CheckedBox } from './ask-grounder.ts';
import { GrounderError } from './grounder-error.ts';
import { opaquePicture } from './opaque-picture.ts';
import {
  type TextMask,
  type TextOptions,
  type TextResult,
  type TextSettings,
  textSettings,
} from './text-options.ts';

/** What of an encoded image finding by words needs. */
export interface TextImage {
  readonly variant: Variant;
  /** @throws SegmenterError `pixels-lost` or `disposed` */
  readPixels(): Promise<PixelImage>;
  /** At most {@link MAXIMUM_PROMPTS} prompts. */
  segment(prompts: readonly Prompt[], options: SegmentOptions): Promise<Segmentation[]>;
  readonly pixels: () => PixelImage;
}

/**
 * Boxes of a grounder, and the masks of what is in them, as Grounded SAM does it; duplicates are
 * dropped before and after the decoder.
 *
 * @throws SegmenterError `invalid-option`, `unsupported-prompt` for a model that takes no boxes
 * @throws GrounderError
 */
export async function segmentText(
  image: TextImage,
  words: string,
  options: TextOptions,
): Promise<TextResult> {
  const { signal, onProgress } = options;
  const settings = textSettings(options);
  const query = typeof words === 'string' ? words.trim() : '';
  if (query === '') throw new GrounderError('no-words', 'no words; say what to look for');
  const { name, capabilities } = image.variant;
  if (!capabilities.boxes) {
    throw new SegmenterError(
      'unsupported-prompt',
      `${name} does not take boxes, and words are found by boxes; choose another model`,
    );
  }
  const start = performance.now();
  onProgress?.({ stage: 'ground', boxes: 0, total: undefined });
  const picture = opaquePicture(await image.readPixels());
  const { grounder, minScore } = settings;
  const given = await askGrounder(grounder, picture, query, {
    ...(signal && { signal }),
    ...(minScore !== undefined && { minScore }),
  });
  const boxes = bestBoxes(given, settings);
  const grounded = performance.now();
  const found = await masksOf(image, boxes, options);
  return {
    masks: withoutDuplicates(found, settings),
    timings: { ground: grounded - start, segment: performance.now() - grounded },
  };
}

/** The surest boxes, surest first. */
function bestBoxes(
  boxes: readonly CheckedBox[],
  { maxObjects, boxNmsThreshold }: TextSettings,
): CheckedBox[] {
  const kept = boxNms(
    boxes.map(({ box: { x, y, width, height } }) => [x, y, x + width, y + height] as const),
    boxes.map(({ score }) => score),
    boxNmsThreshold,
    { categories: categoriesOf(boxes) },
  );
  return kept.slice(0, maxObjects).map((index) => boxes[index]!);
}

/** Masks of boxes, in their order, without those that came out empty. */
async function masksOf(
  image: TextImage,
  boxes: readonly CheckedBox[],
  { signal, onProgress }: TextOptions,
): Promise<TextMask[]> {
  const pause = new Pause(signal);
  const found: TextMask[] = [];
  for (let from = 0; from < boxes.length; from += MAXIMUM_PROMPTS) {
    signal?.throwIfAborted();
    onProgress?.({ stage: 'segment', boxes: from, total: boxes.length });
    const batch = boxes.slice(from, from + MAXIMUM_PROMPTS);
    const prompts = batch.map(({ box }): Prompt => ({ box }));
    const answers = await image.segment(prompts, { lazy: true, ...(signal && { signal }) });
    for (const [i, { mask }] of answers.entries()) {
      const { box, score: boxScore, label } = batch[i]!;
      const kept = asRunLengths(mask, image.pixels);
      if (kept.area > 0) found.push({ mask: kept, label, score: mask.score, boxScore, box });
      await pause.maybe();
    }
  }
  onProgress?.({ stage: 'segment', boxes: boxes.length, total: boxes.length });
  return found;
}

/** The same mask without a byte per pixel: there may be many of a large picture. */
function asRunLengths(mask: Mask, source: () => PixelImage): Mask {
  const { score, stability, logits } = mask;
  return Mask.fromRle(mask.toRle(), { score, stability, source, ...(logits && { logits }) });
}

function withoutDuplicates(
  found: readonly TextMask[],
  { maskNmsThreshold, nestedThreshold }: TextSettings,
): TextMask[] {
  const keep = (
    from: readonly TextMask[],
    threshold: number,
    options: Parameters<typeof maskNms>[3],
  ): TextMask[] =>
    maskNms(
      from.map(({ mask }) => mask.toRle()),
      from.map(({ boxScore }) => boxScore),
      threshold,
      options,
    ).map((index) => from[index]!);
  const different = keep(found, maskNmsThreshold, {});
  return keep(different, maskNmsThreshold, {
    nestedThreshold,
    categories: categoriesOf(different),
  });
}

/** A number for each label, whatever its case. */
function categoriesOf(labelled: readonly { readonly label: string }[]): number[] {
  const numbers = new Map<string, number>();
  return labelled.map(({ label }) => {
    const key = label.toLowerCase();
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}
