import type { HostValue } from '@samgpu/graph';
import { TokenLabel, type Variant } from '@samgpu/variant';

import type { Frame } from '../preprocess/index.ts';
import type { PromptBatch } from '../segmenter/prompt-batch.ts';

/** A single point, and maybe logits of a mask to start from. */
export interface PointPrompt {
  /** In pixels of the encoded picture. */
  readonly x: number;
  readonly y: number;
  /** `[logitSize, logitSize]` */
  readonly previous?: Float32Array;
}

/** Makes decoder inputs of single points. Inputs without masks are shared between batches. */
export class PointBatcher {
  readonly #variant: Variant;
  readonly #frame: Frame;
  readonly #empty = new Map<number, Pick<PromptBatch['inputs'], 'mask' | 'hasMask'>>();

  constructor(variant: Variant, frame: Frame) {
    this.#variant = variant;
    this.#frame = frame;
  }

  /** @param capacity - prompts of the decoder; those beyond the given ones are absent */
  batch(prompts: readonly PointPrompt[], capacity: number): PromptBatch {
    const lists = prompts.map(({ x, y }) =>
      this.#variant.tokens({
        points: [{ ...this.#frame.toFrame(x, y), label: 'include' }],
        box: undefined,
      }),
    );
    // All prompts are of one point, so their tokens are as many.
    const tokens = lists[0]!.length;
    const points = new Float32Array(capacity * tokens * 2);
    const labels = new Int32Array(capacity * tokens).fill(TokenLabel.absent);
    for (const [row, list] of lists.entries()) {
      for (const [column, { x, y, label }] of list.entries()) {
        const position = row * tokens + column;
        points[position * 2] = x;
        points[position * 2 + 1] = y;
        labels[position] = label;
      }
    }
    return {
      sizes: { prompts: capacity, tokens },
      inputs: {
        points: { shape: [capacity, tokens, 2], data: points },
        labels: { shape: [capacity, tokens], data: labels },
        ...this.#masks(prompts, capacity),
      },
    };
  }

  #masks(
    prompts: readonly PointPrompt[],
    capacity: number,
  ): Pick<PromptBatch['inputs'], 'mask' | 'hasMask'> {
    if (prompts.some(({ previous }) => previous !== undefined)) {
      const inputs = this.#noMasks(capacity);
      const side = this.#variant.masks.logitSize;
      for (const [row, { previous }] of prompts.entries()) {
        if (previous === undefined) continue;
        inputs.mask.data.set(previous, row * side * side);
        inputs.hasMask.data[row] = 1;
      }
      return inputs;
    }
    let inputs = this.#empty.get(capacity);
    if (inputs === undefined) {
      inputs = this.#noMasks(capacity);
      this.#empty.set(capacity, inputs);
    }
    return inputs;
  }

  #noMasks(capacity: number): { mask: HostValue; hasMask: HostValue } {
    const side = this.#variant.masks.logitSize;
    const mask = new Float32Array(capacity * side * side);
    return {
      mask: { shape: [capacity, side, side, 1], data: mask },
      hasMask: { shape: [capacity], data: new Float32Array(capacity) },
    };
  }
}

/** Cuts a list into batches; the last one may be shorter. */
export function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  const batches: Item[][] = [];
  for (let start = 0; start < items.length; start += size) {
    batches.push(items.slice(start, start + size));
  }
  return batches;
}

/** Prompts of the decoder for a batch: few sizes, because each is compiled once. */
export function capacityFor(count: number, largest: number): number {
  return Math.min(largest, 2 ** Math.ceil(Math.log2(count)));
}
