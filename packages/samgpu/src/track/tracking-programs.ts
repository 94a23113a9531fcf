/** The graphs of a model that tracks, run on host values. */
import {
  type DeviceValue,
  disposeValues,
  type Graph,
  type HostValue,
  nodeAt,
  type Program,
  type RunOptions,
} from '@samgpu/graph';
import {
  memoryInput,
  memoryOutput,
  type PromptToken,
  tracePointTo,
  traceRecall,
  traceRemember,
  traceTrack,
  type TrackingSource,
} from '@samgpu/variant';

import { tokenInputs } from '../segmenter/prompt-batch.ts';
import type { FrameOutput } from './frame-output.ts';
import { MemoryCopy } from './memory-copy.ts';
import type { DatedPointer, Recollection } from './object-memory.ts';
import { bucketOf, FRAME_BUCKETS, POINTER_BUCKETS, TOKEN_BUCKETS } from './buckets.ts';
import type { ProgramCache } from './program-cache.ts';

/** What the encoder gave for a frame. */
export type FrameFeatures = Readonly<Record<string, DeviceValue>>;

/** What one object takes to a frame. */
export interface ObjectView {
  readonly recollections: readonly Recollection[];
  readonly pointers: readonly DatedPointer[];
  /** What distances are shares of. */
  readonly farthest: number;
}

/** What is asked of one object on a frame. */
export interface ObjectPrompt {
  readonly tokens: readonly PromptToken[];
  /** Logits of a previous mask, `[side, side]`. */
  readonly previous?: Float32Array | undefined;
  /** Whether the best of the alternatives answers. */
  readonly takesBest: boolean;
}

/** What a frame says of one object. */
export interface Found {
  readonly logits: Float32Array<ArrayBuffer>;
  readonly score: number;
  /** Of all masks. */
  readonly scores: Float32Array;
  readonly objectScore: number;
  readonly pointer: Float32Array<ArrayBuffer>;
}

/** A mask that is to be remembered. */
export interface ToRemember {
  readonly logits: Float32Array;
  readonly isGiven: boolean;
  readonly objectScore: number;
}

type Inputs = Readonly<Record<string, HostValue | DeviceValue>>;

/** A memory where programs keep it, and a copy where that may go away. */
export type Remembered = Required<Pick<FrameOutput, 'memory' | 'copy'>>;

export class TrackingPrograms {
  readonly #source: TrackingSource;
  readonly #cache: ProgramCache;
  readonly #copies: boolean;

  /** @param copies - whether memories are copied, because the device that has them may be lost */
  constructor(source: TrackingSource, cache: ProgramCache, copies = false) {
    this.#source = source;
    this.#cache = cache;
    this.#copies = copies;
  }

  /** The frame in the light of what each object remembers; all objects in one run. */
  async recall(
    features: FrameFeatures,
    views: readonly ObjectView[],
    options: RunOptions,
  ): Promise<DeviceValue> {
    const most = (count: (view: ObjectView) => number): number => Math.max(...views.map(count));
    const frames = bucketOf(
      FRAME_BUCKETS,
      most(({ recollections }) => recollections.length),
    );
    const pointers = bucketOf(
      POINTER_BUCKETS,
      most((view) => view.pointers.length),
    );
    const objects = views.length;
    const { recalled } = await this.#run(
      `recall ${objects}x${frames}+${pointers}`,
      () => traceRecall(this.#source, { objects, frames, pointers }),
      {
        ...features,
        ...memoryInputs(views, frames),
        ...this.#pointerInputs(views, pointers),
      },
      options,
    );
    return recalled!;
  }

  /** Finds objects on a frame, all in one run. @param recalled - undefined for a first look */
  async track(
    features: FrameFeatures,
    recalled: DeviceValue | undefined,
    prompts: readonly ObjectPrompt[],
    options: RunOptions,
  ): Promise<Found[]> {
    const objects = prompts.length;
    const longest = Math.max(...prompts.map(({ tokens }) => tokens.length));
    const tokens = bucketOf(TOKEN_BUCKETS, longest);
    const kind = recalled === undefined ? 'first' : 'track';
    const side = this.#source.variant.masks.logitSize;
    const mask = new Float32Array(objects * side * side);
    prompts.forEach(({ previous }, row) => mask.set(previous ?? [], row * side * side));
    const outputs = await this.#run(
      `${kind} ${objects}x${tokens}`,
      () => traceTrack(this.#source, { objects, tokens }, recalled?.shape),
      {
        ...features,
        ...(recalled === undefined ? {} : { recalled }),
        ...tokenInputs(
          prompts.map((prompt) => prompt.tokens),
          { prompts: objects, tokens },
        ),
        mask: { shape: [objects, side, side, 1], data: mask },
        hasMask: flags(prompts, ({ previous }) => previous !== undefined),
        takesBest: flags(prompts, ({ takesBest }) => takesBest),
      },
      options,
    );
    const { logits, score, scores, objectScore, pointers } = await readAll(outputs);
    return prompts.map((_, row): Found => ({
      logits: rowOf(logits!, row),
      score: rowOf(score!, row)[0]!,
      scores: rowOf(scores!, row),
      objectScore: rowOf(objectScore!, row)[0]!,
      pointer: rowOf(pointers!, row),
    }));
  }

  /** Makes memories of masks on a frame, all in one run. */
  async remember(
    features: FrameFeatures,
    masks: readonly ToRemember[],
    options: RunOptions,
  ): Promise<Remembered[]> {
    const objects = masks.length;
    const side = this.#source.variant.masks.logitSize;
    const logits = new Float32Array(objects * side * side);
    masks.forEach((mask, row) => logits.set(mask.logits, row * side * side));
    const outputs = await this.#run(
      `remember ${objects}`,
      () => traceRemember(this.#source, objects),
      {
        ...features,
        logits: { shape: [objects, side, side], data: logits },
        isGiven: flags(masks, ({ isGiven }) => isGiven),
        objectScore: {
          shape: [objects],
          data: Float32Array.from(masks, ({ objectScore }) => objectScore),
        },
      },
      options,
    );
    try {
      const remembered = masks.map(async (_, object): Promise<Remembered> => {
        const memory = outputs[memoryOutput(object)]!;
        return { memory, copy: this.#copies ? await MemoryCopy.of(memory) : undefined };
      });
      return await Promise.all(remembered);
    } catch (error) {
      disposeValues(outputs);
      throw error;
    }
  }

  /** What points to an object whose mask was given. @param mask - 0 and 1, `[size, size]` */
  async pointTo(
    features: FrameFeatures,
    mask: Float32Array<ArrayBuffer>,
    options: RunOptions,
  ): Promise<Pick<Found, 'pointer' | 'objectScore'>> {
    const { size } = this.#source.variant.preprocessing;
    const given = { ...features, mask: { shape: [1, size, size, 1], data: mask } };
    const outputs = await this.#run('point to', () => tracePointTo(this.#source), given, options);
    const { pointers, objectScore } = await readAll(outputs);
    return { pointer: rowOf(pointers!, 0), objectScore: rowOf(objectScore!, 0)[0]! };
  }

  #run(
    key: string,
    record: () => Graph,
    values: Inputs,
    options: RunOptions,
  ): Promise<Record<string, DeviceValue>> {
    return this.#cache.use(key, record, (program) => program.run(taken(program, values), options));
  }

  #pointerInputs(views: readonly ObjectView[], count: number): Record<string, HostValue> {
    const width = this.#source.variant.tracking.memory.pointerWidth;
    const pointers = new Float32Array(views.length * count * width);
    const distances = new Float32Array(views.length * count);
    const hasPointer = new Float32Array(views.length * count);
    views.forEach((view, object) => {
      view.pointers.forEach(({ pointer, distance }, index) => {
        const row = object * count + index;
        pointers.set(pointer, row * width);
        distances[row] = distance / view.farthest;
        hasPointer[row] = 1;
      });
    });
    const shape = [views.length, count];
    return {
      pointers: { shape: [...shape, width], data: pointers },
      distances: { shape, data: distances },
      hasPointer: { shape, data: hasPointer },
    };
  }
}

/** Places that an object does not fill hold its first memory, which takes no part there. */
function memoryInputs(views: readonly ObjectView[], frames: number): Inputs {
  const inputs: Record<string, HostValue | DeviceValue> = {};
  const ages = new Int32Array(views.length * frames).fill(-1);
  views.forEach(({ recollections }, object) => {
    for (let frame = 0; frame < frames; frame++) {
      const { output, age } = recollections[frame] ?? { ...recollections[0]!, age: -1 };
      inputs[memoryInput(object, frame)] = output.memory!;
      ages[object * frames + frame] = age;
    }
  });
  return { ...inputs, ages: { shape: [views.length, frames], data: ages } };
}

/** Those of the values that a program takes. */
function taken({ graph }: Program, values: Inputs): Inputs {
  const entries = [...graph.inputs].map(([name, id]) => {
    const value = values[name];
    if (value === undefined) {
      throw new RangeError(`no value for "${name}" [${nodeAt(graph.nodes, id).shape.join(', ')}]`);
    }
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}

async function readAll(
  outputs: Readonly<Record<string, DeviceValue>>,
): Promise<Record<string, HostValue>> {
  try {
    const read = Object.entries(outputs).map(
      async ([name, value]) => [name, await value.read()] as const,
    );
    return Object.fromEntries(await Promise.all(read));
  } finally {
    disposeValues(outputs);
  }
}

function flags<Item>(items: readonly Item[], isSet: (item: Item) => boolean): HostValue {
  return { shape: [items.length], data: Float32Array.from(items, (item) => Number(isSet(item))) };
}

// A copy, so that what is kept of one object does not keep the values of all alive.
function rowOf({ shape, data }: HostValue, row: number): Float32Array<ArrayBuffer> {
  const length = data.length / (shape[0] ?? 1);
  return Float32Array.from(data.subarray(row * length, (row + 1) * length));
}
