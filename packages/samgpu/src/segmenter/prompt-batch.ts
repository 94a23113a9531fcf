/**
 * Prompts as the tensors a decoder takes.
 *
 * A decoder graph has fixed sizes, so the number of prompts and of tokens is rounded up to the next
 * bucket. Absent tokens take no part in any attention: the result is that of the exact size.
 */
import type { HostValue } from '@samgpu/graph';
import type { Box } from '@samgpu/mask';
import { type DecoderSizes, type PromptToken, TokenLabel, type Variant } from '@samgpu/variant';

import { type Point, validateBox, validatePoint } from '../geometry/index.ts';
import type { Frame } from '../preprocess/index.ts';
import { previousMaskLogits } from './previous-mask.ts';
import type { Prompt } from './prompt.ts';
import { SegmenterError } from './segmenter-error.ts';

/** Most tokens of one prompt: points, box corners and paddings together. */
const MAXIMUM_TOKENS = 1024;

/** Most prompts that are decoded at once; longer lists are cut into runs. */
export const MAXIMUM_PROMPTS: number = 64;

/**
 * Up to this many prompts one decoder serves those with and without a previous mask: it is not worth
 * the time to compile a second one.
 */
const FEW_PROMPTS = 4;

/** The tensors of one decoder run, by input name. */
export interface PromptBatch {
  readonly sizes: DecoderSizes;
  readonly inputs: Readonly<Record<string, HostValue>>;
}

/**
 * Checks prompts and brings them into the model's square.
 *
 * @throws PromptError for coordinates that do not fit the image
 * @throws SegmenterError for kinds of prompts that the model does not take
 */
export function batchPrompts(
  prompts: readonly Prompt[],
  variant: Variant,
  frame: Frame,
): PromptBatch {
  const tokens = prompts.map((prompt) => promptTokens(prompt, variant, frame));
  const sizes = sizesFor(
    tokens,
    prompts.some((prompt) => prompt.mask !== undefined),
  );
  return {
    sizes,
    inputs: {
      ...tokenInputs(tokens, sizes),
      ...(sizes.masks === true ? previousMasks(prompts, sizes.prompts, variant, frame) : {}),
    },
  };
}

/** Tokens as a decoder of these sizes takes them; what the lists do not fill is absent. */
export function tokenInputs(
  lists: readonly (readonly PromptToken[])[],
  { prompts, tokens }: DecoderSizes,
): Record<'points' | 'labels', HostValue> {
  const points = new Float32Array(prompts * tokens * 2);
  const labels = new Int32Array(prompts * tokens).fill(TokenLabel.absent);
  lists.forEach((list, row) => {
    list.forEach(({ x, y, label }, column) => {
      const position = row * tokens + column;
      points[position * 2] = x;
      points[position * 2 + 1] = y;
      labels[position] = label;
    });
  });
  return {
    points: { shape: [prompts, tokens, 2], data: points },
    labels: { shape: [prompts, tokens], data: labels },
  };
}

function previousMasks(
  prompts: readonly Prompt[],
  count: number,
  variant: Variant,
  frame: Frame,
): Record<'mask' | 'hasMask', HostValue> {
  const side = variant.masks.logitSize;
  const mask = new Float32Array(count * side * side);
  const hasMask = new Float32Array(count);
  prompts.forEach((prompt, row) => {
    if (prompt.mask !== undefined) {
      const logits = previousMaskLogits(prompt.mask, variant, frame, prompt.maskLimit);
      mask.set(logits, row * side * side);
      hasMask[row] = 1;
    }
  });
  return {
    mask: { shape: [count, side, side, 1], data: mask },
    hasMask: { shape: [count], data: hasMask },
  };
}

/** The decoder that takes prompts of these tokens. */
export function sizesFor(
  tokens: readonly (readonly PromptToken[])[],
  hasMasks = false,
): DecoderSizes {
  const isFew = tokens.length <= FEW_PROMPTS;
  const longest = Math.max(...tokens.map((list) => list.length));
  return {
    prompts: bucket(tokens.length, 1),
    // For many prompts what is filled up costs more than a further decoder: a click with its padding
    // and the corners of a box are 2 tokens.
    tokens: isFew || longest > 8 ? bucket(longest, 4) : 2 * Math.ceil(longest / 2),
    masks: isFew || hasMasks,
  };
}

function promptTokens(prompt: Prompt, variant: Variant, frame: Frame): readonly PromptToken[] {
  checkKinds(prompt, variant);
  const points = (prompt.points ?? []).map((point) => framePoint(point, frame));
  const box = prompt.box === undefined ? undefined : frameBox(prompt.box, variant, frame);
  const tokens = variant.tokens({ points, box });
  if (tokens.length > MAXIMUM_TOKENS) {
    throw new SegmenterError(
      'too-many-points',
      `a prompt with ${points.length} points, wanted at most ${MAXIMUM_TOKENS - 2}; ` +
        'segment with fewer points, then feed the mask back with the next ones',
    );
  }
  return tokens;
}

function checkKinds({ points = [], box, mask }: Prompt, { name, capabilities }: Variant): void {
  if (points.length === 0 && box === undefined && mask === undefined) {
    throw new SegmenterError(
      'empty-prompt',
      'a prompt without points, box and mask; give at least one of them',
    );
  }
  const refused: string[] = [];
  if (!capabilities.includePoints && points.some(({ label }) => label !== 'exclude')) {
    refused.push('points to include');
  }
  if (!capabilities.excludePoints && points.some(({ label }) => label === 'exclude')) {
    refused.push('points to exclude');
  }
  if (!capabilities.boxes && box !== undefined) {
    refused.push('boxes');
  }
  if (!capabilities.previousMask && mask !== undefined) {
    refused.push('previous masks');
  }
  if (refused.length > 0) {
    throw new SegmenterError(
      'unsupported-prompt',
      `${name} does not take ${refused.join(' and ')}; leave them out or choose another model`,
    );
  }
}

/** A click in the model's square. @throws PromptError */
export function framePoint(
  point: Point,
  frame: Frame,
): { x: number; y: number; label: 'include' | 'exclude' } {
  const valid = validatePoint(point, frame.original);
  return { ...frame.toFrame(valid.x, valid.y), label: valid.label };
}

/** A box in the model's square. @throws PromptError */
export function frameBox(
  box: Box,
  variant: Variant,
  frame: Frame,
): { left: number; top: number; right: number; bottom: number } {
  const { x, y, width, height } = validateBox(box, frame.original);
  // The outermost pixels of a box one pixel wide are the same one.
  const last = variant.boxCorners === 'pixels' ? 1 : 0;
  const from = frame.toFrame(x, y);
  const to = frame.toFrame(Math.max(x, x + width - last), Math.max(y, y + height - last));
  return { left: from.x, top: from.y, right: to.x, bottom: to.y };
}

/** The next power of two, at least `smallest`. */
function bucket(count: number, smallest: number): number {
  return Math.max(smallest, 2 ** Math.ceil(Math.log2(count)));
}
