import type { HostValue } from '@samgpu/graph';
import type { DecoderSizes, Variant } from '@samgpu/variant';

import type { Frame } from '../preprocess/index.ts';
import { type PromptBatch, tokenInputs } from '../segmenter/prompt-batch.ts';

/** A single point, and maybe logits of a mask to start from. */
export interface PointPrompt {
  /** In pixels of the encoded picture. */
  readonly x: number;
  readonly y: number;
  /** `[logitSize, logitSize]` */
  readonly previous?: Float32Array;
}

/**
 * Decoder inputs of single points.
 *
 * @param prompts - all with a mask to start from, or all without
 * @param capacity - prompts of the decoder; those beyond the given ones are absent
 */
export function pointBatch(
  prompts: readonly PointPrompt[],
  capacity: number,
  variant: Variant,
  frame: Frame,
): PromptBatch {
  const lists = prompts.map(({ x, y }) =>
    variant.tokens({ points: [{ ...frame.toFrame(x, y), label: 'include' }], box: undefined }),
  );
  const masks = prompts.some(({ previous }) => previous !== undefined);
  // All prompts are of one point, so their tokens are as many.
  const sizes: DecoderSizes = { prompts: capacity, tokens: lists[0]!.length, masks };
  const inputs = {
    ...tokenInputs(lists, sizes),
    ...(masks ? maskInputs(prompts, capacity, variant.masks.logitSize) : {}),
  };
  return { sizes, inputs };
}

function maskInputs(
  prompts: readonly PointPrompt[],
  capacity: number,
  side: number,
): Record<'mask' | 'hasMask', HostValue> {
  const mask = new Float32Array(capacity * side * side);
  const hasMask = new Float32Array(capacity);
  for (const [row, { previous }] of prompts.entries()) {
    if (previous === undefined) continue;
    mask.set(previous, row * side * side);
    hasMask[row] = 1;
  }
  return {
    mask: { shape: [capacity, side, side, 1], data: mask },
    hasMask: { shape: [capacity], data: hasMask },
  };
}

/** Cuts a list into batches; the last one may be shorter. */
export function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  const batches: Item[][] = [];
  for (let start = 0; start < items.length; start += size) {
    batches.push(items.slice(start, start + size));
  }
  return batches;
}

/**
 * Prompts of the decoder for a batch: a power of two, because each size is compiled once, and where a
 * GPU lacks room batches are halved.
 */
export function capacityFor(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}
