import { disposeValues } from '@samgpu/graph';
import type { TrackingVariant } from '@samgpu/variant';

import { fillHoles } from './fill-holes.ts';
import type { EncodedFrame } from './frame-cache.ts';
import type { FrameOutput } from './frame-output.ts';
import { mostPointers, type ObjectMemory, type Outlook } from './object-memory.ts';
import { TrackError } from './track-error.ts';
import type {
  Found,
  ObjectPrompt,
  ObjectView,
  ToRemember,
  TrackingPrograms,
} from './tracking-programs.ts';

/**
 * Objects that go through the networks at once. The keys of eight memories of four objects just fit the
 * bindings that every WebGPU device has, 128 MiB.
 */
const MOST_AT_ONCE = 4;

/** Objects on one frame through the networks. */
export class ObjectPasses {
  readonly #parts: { readonly variant: TrackingVariant; readonly programs: TrackingPrograms };
  readonly #fillHoles: number;

  /** @param fillHoles - most cells of a hole that is filled */
  constructor(
    parts: { readonly variant: TrackingVariant; readonly programs: TrackingPrograms },
    fillHoles: number,
  ) {
    this.#parts = parts;
    this.#fillHoles = fillHoles;
  }

  /** Objects on a frame in the light of what each remembers. @throws TrackError `no-prompt` */
  async lookBack(
    features: EncodedFrame['features'],
    objects: readonly ObjectMemory[],
    prompts: readonly ObjectPrompt[],
    outlook: Outlook,
    signal?: AbortSignal,
  ): Promise<Found[]> {
    const { variant, programs } = this.#parts;
    const { memory } = variant.tracking;
    const views = objects.map((object): ObjectView => {
      const recollections = object.recollections(outlook, memory);
      if (object.settled.conditioning.size === 0) {
        throw noPrompt(`object ${object.id} has none that is left`);
      }
      return {
        recollections,
        pointers: object.pointers(outlook, memory),
        farthest: mostPointers(outlook.count, memory.pointers) - 1,
      };
    });
    const recalled = await programs.recall(features, views, { signal });
    try {
      return await programs.track(features, recalled, prompts, { signal });
    } finally {
      disposeValues({ recalled });
    }
  }

  /** Gives outputs on a frame their memories. @param isGiven - whether a user clicked or drew them */
  async remember(
    features: EncodedFrame['features'],
    outputs: readonly FrameOutput[],
    isGiven: boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const part of chunks(outputs)) {
      const masks = part.map(({ logits, objectScore }): ToRemember => ({
        logits,
        objectScore,
        isGiven,
      }));
      const memories = await this.#parts.programs.remember(features, masks, { signal });
      part.forEach((output, index) => {
        output.memory = memories[index];
      });
    }
  }

  /** What is kept and shown of what was found. */
  filled({
    logits,
    ...rest
  }: Pick<Found, 'logits' | 'score' | 'objectScore' | 'pointer'>): FrameOutput {
    const { score, objectScore, pointer } = rest;
    const side = this.#parts.variant.masks.logitSize;
    const filled = fillHoles(logits, { width: side, height: side }, this.#fillHoles);
    return { logits: filled, score, objectScore, pointer, memory: undefined };
  }
}

export function noPrompt(why: string): TrackError {
  return new TrackError(
    'no-prompt',
    `nothing says what is to be tracked: ${why}; add points, a box or a mask`,
  );
}

/** Items in groups that go through the networks together. */
export function chunks<Item>(items: readonly Item[]): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / MOST_AT_ONCE) }, (_, index) =>
    items.slice(index * MOST_AT_ONCE, (index + 1) * MOST_AT_ONCE),
  );
}
