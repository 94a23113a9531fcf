import { disposeValues } from '@samgpu/graph';
import type { TrackingVariant } from '@samgpu/variant';

import { bucketOf, FRAME_BUCKETS, POINTER_BUCKETS } from './buckets.ts';
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

/** Objects that go through the networks at once: the hidden layer of four fits a binding. */
const MOST_AT_ONCE = 4;
/** What a binding of every WebGPU device holds. */
const BINDING_BYTES = 2 ** 27;

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

  /** Objects in groups whose memories go through memory attention together: its keys fill a binding. */
  groups(objects: readonly ObjectMemory[], outlook: Outlook): (readonly ObjectMemory[])[] {
    const { memory } = this.#parts.variant.tracking;
    const most = (count: (object: ObjectMemory) => number): number =>
      Math.max(0, ...objects.map(count));
    const frames = most((object) => object.recollections(outlook, memory).length);
    const pointers = most((object) => object.pointers(outlook, memory).length);
    const tokens =
      bucketOf(FRAME_BUCKETS, frames) * memory.cells +
      bucketOf(POINTER_BUCKETS, pointers) * (memory.pointerWidth / memory.width);
    const fitting = Math.floor(BINDING_BYTES / (tokens * memory.pointerWidth * 4));
    return chunks(objects, Math.min(Math.max(fitting, 1), MOST_AT_ONCE));
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
      part.forEach((output, index) => Object.assign(output, memories[index]));
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

function chunks<Item>(items: readonly Item[], size = MOST_AT_ONCE): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
