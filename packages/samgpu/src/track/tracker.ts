/**
 * The memory bank of SAM 2's video predictor (`SAM2VideoPredictor` of sam2_video_predictor.py): objects
 * are independent of each other, so each frame is encoded once and all its objects go through the rest
 * together.
 *
 * It knows frames by number and masks by their logits; what frames are made of is its caller's business.
 */
import type { Bitmap, Size } from '@samgpu/mask';
import { type PromptToken, TokenLabel, type TrackingVariant } from '@samgpu/variant';

import { repeatAfterLoss } from '../segmenter/device-loss.ts';
import { type EncodedFrame, type EncodeFrame, FrameCache } from './frame-cache.ts';
import { disposeOutput, type FrameOutput } from './frame-output.ts';
import { givenMask } from './given-mask.ts';
import { ObjectMemory, type Outlook, type Role } from './object-memory.ts';
import { noSuchFrame } from './frame-reader.ts';
import { noPrompt, ObjectPasses } from './object-passes.ts';
import { TrackError } from './track-error.ts';
import { type TrackerRules, trackerRules } from './tracker-rules.ts';
import type { ObjectPrompt, TrackingPrograms } from './tracking-programs.ts';

export interface TrackerParts {
  readonly variant: TrackingVariant;
  readonly programs: TrackingPrograms;
  readonly encode: EncodeFrame;
  /** Frames of the video, if known: distances in time are counted by it. */
  readonly count: () => number | undefined;
}

/** An object on a frame. */
export interface ObjectOutput {
  readonly object: number;
  /** Undefined where nothing is known of it. */
  readonly output: FrameOutput | undefined;
}

/** Where to track. */
export interface Course {
  /** @defaultValue the first frame with a prompt */
  readonly from?: number | undefined;
  /** The last one, included. @defaultValue the end of the video, or its start in reverse */
  readonly to?: number | undefined;
  readonly reverse?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const NOTHING: PromptToken = { x: 0, y: 0, label: TokenLabel.padding };
/** Logits that are fed back, either way. */
const FED_BACK = 32;

export class Tracker {
  readonly #parts: TrackerParts;
  readonly #rules: Required<TrackerRules>;
  readonly #passes: ObjectPasses;
  readonly #objects = new Map<number, ObjectMemory>();
  readonly frames: FrameCache;

  constructor(parts: TrackerParts, rules: TrackerRules = {}) {
    this.#parts = parts;
    this.#rules = trackerRules(rules, parts.variant.tracking);
    this.#passes = new ObjectPasses(parts, this.#rules.fillHoles);
    this.frames = new FrameCache(parts.encode, this.#rules.keepFrames);
  }

  /** In the order in which they were added. */
  get objects(): readonly ObjectMemory[] {
    return [...this.#objects.values()];
  }

  get rules(): Required<TrackerRules> {
    return this.#rules;
  }

  /** Of everything that is remembered. */
  get bytes(): number {
    return this.objects.reduce((sum, { bytes }) => sum + bytes, this.frames.bytes);
  }

  /** Of a frame. @throws TrackError for one that there is not */
  async sizeOf(frame: number, signal?: AbortSignal): Promise<Size> {
    const { size } = await this.#survivingLoss(() => this.#reach(frame, signal));
    return size;
  }

  /** Puts an object back that was saved. */
  restore(object: ObjectMemory): void {
    this.#objects.set(object.id, object);
  }

  /**
   * Points and box corners for an object.
   *
   * @param tokens - in the model's square, corners first, without paddings
   * @param appends - whether they come behind those that the object has on this frame
   * @returns all objects on the frame
   */
  addPoints(
    frame: number,
    id: number,
    tokens: readonly PromptToken[],
    appends: boolean,
    signal?: AbortSignal,
  ): Promise<ObjectOutput[]> {
    return this.#survivingLoss(() => this.#addPoints(frame, id, tokens, appends, signal));
  }

  async #addPoints(
    frame: number,
    id: number,
    tokens: readonly PromptToken[],
    appends: boolean,
    signal: AbortSignal | undefined,
  ): Promise<ObjectOutput[]> {
    const { features } = await this.#reach(frame, signal);
    const object = this.#objects.get(id) ?? new ObjectMemory(id);
    const before = appends ? (object.points.get(frame) ?? []) : [];
    const all = [...before, ...tokens];
    const { role, isFirst, reverse } = this.#roleOf(object, frame);
    const previous = object.shown(frame, role)?.logits;
    const prompt: ObjectPrompt = {
      tokens: [...all, NOTHING],
      previous: previous?.map((logit) => Math.min(Math.max(logit, -FED_BACK), FED_BACK)),
      takesBest: all.length <= this.#parts.variant.tracking.pointsWithAlternatives,
    };
    const found = isFirst
      ? await this.#parts.programs.track(features, undefined, [prompt], { signal })
      : await this.#passes.lookBack(
          features,
          [object],
          [prompt],
          this.#outlook(frame, reverse),
          signal,
        );
    // Nothing is changed before everything has succeeded.
    object.points.set(frame, all);
    this.#setPending(object, frame, role, this.#passes.filled(found[0]!));
    return this.#shown(frame, role);
  }

  /** A mask for an object, which is then its mask on this frame. @returns all objects on the frame */
  async addMask(
    frame: number,
    id: number,
    bitmap: Bitmap,
    signal?: AbortSignal,
  ): Promise<ObjectOutput[]> {
    const { variant, programs } = this.#parts;
    const object = this.#objects.get(id) ?? new ObjectMemory(id);
    const given = givenMask(bitmap, variant.preprocessing.size, variant.masks.logitSize);
    const pointed = await this.#survivingLoss(async () => {
      const { features } = await this.#reach(frame, signal);
      return programs.pointTo(features, given.mask, { signal });
    });
    const { role } = this.#roleOf(object, frame);
    object.points.delete(frame);
    const output = this.#passes.filled({ ...pointed, logits: given.logits, score: 1 });
    this.#setPending(object, frame, role, output);
    return this.#shown(frame, role);
  }

  /** Takes back what was given for an object on a frame. @returns all objects on the frame */
  clear(frame: number, id: number): ObjectOutput[] {
    const object = this.#known(id);
    object.points.delete(frame);
    for (const outputs of [object.pending.conditioning, object.pending.passing]) {
      disposeOutput(outputs.get(frame));
      outputs.delete(frame);
    }
    const settled = object.settled.conditioning.get(frame);
    if (settled !== undefined) {
      // Without a prompt it is a frame like any other.
      object.settled.conditioning.delete(frame);
      object.settled.passing.set(frame, settled);
      object.tracked.delete(frame);
    }
    const isConditioning = this.objects.some(({ pending }) => pending.conditioning.has(frame));
    return this.#shown(frame, isConditioning ? 'conditioning' : 'passing');
  }

  remove(id: number): void {
    this.#known(id).dispose();
    this.#objects.delete(id);
  }

  /**
   * Follows all objects from frame to frame.
   *
   * What was computed stays, however it ends: at the end of the video, by the signal, by an error.
   */
  async *propagate(course: Course): AsyncGenerator<{ frame: number; objects: ObjectOutput[] }> {
    const { signal, reverse = false } = course;
    await this.settle(signal);
    const step = reverse ? -1 : 1;
    const last = course.to ?? (reverse ? 0 : Infinity);
    let frame = course.from ?? this.#earliest();
    for (const end of [frame, last]) {
      if (!(end >= 0)) throw noSuchFrame(end, this.#parts.count());
    }
    if (reverse && frame === 0) {
      return; // As the official predictor: there is nothing before it.
    }
    for (; reverse ? frame >= last : frame <= last; frame += step) {
      signal?.throwIfAborted();
      if (frame === this.#parts.count()) {
        return;
      }
      const isFrame = await this.#survivingLoss(async () => {
        const encoded = await this.#encodedOrEnd(frame, signal);
        await (encoded && this.#trackFrame(frame, encoded, reverse, signal));
        return encoded !== undefined;
      });
      if (!isFrame) {
        return;
      }
      const objects = this.objects.map((object): ObjectOutput => ({
        object: object.id,
        output: object.settled.conditioning.get(frame) ?? object.settled.passing.get(frame),
      }));
      this.objects.forEach((object) => object.forget(frame, this.#rules.keep));
      yield { frame, objects };
    }
  }

  /** Makes memories of what was given since, so that other frames can look at it. */
  async settle(signal?: AbortSignal): Promise<void> {
    if (this.#objects.size === 0) {
      throw noPrompt('there is no object');
    }
    await this.#survivingLoss(() => this.#rememberPending(signal));
    for (const object of this.objects) {
      for (const role of ['passing', 'conditioning'] as const) {
        for (const [frame, output] of object.pending[role]) {
          replace(object.settled[role], frame, output);
        }
        object.pending[role].clear();
      }
      for (const frame of object.settled.conditioning.keys()) {
        disposeOutput(object.settled.passing.get(frame));
        object.settled.passing.delete(frame);
      }
      if (object.settled.conditioning.size === 0) {
        throw noPrompt(`object ${object.id} has none that is left`);
      }
    }
  }

  dispose(): void {
    this.objects.forEach((object) => object.dispose());
    this.#objects.clear();
    this.frames.clear();
  }

  /**
   * Does something that changes nothing until it has succeeded, and where the device is lost does it again:
   * frames are read and encoded once more, and memories are those that were copied.
   */
  async #survivingLoss<Result>(work: () => Promise<Result>): Promise<Result> {
    return repeatAfterLoss(work, () => {
      this.frames.clear();
      this.objects.forEach((object) => object.leaveDevice());
    });
  }

  /** A frame after the encoder. Others may not come again, so what was said of them is remembered before. */
  async #reach(frame: number, signal: AbortSignal | undefined): Promise<EncodedFrame> {
    if (!this.frames.has(frame)) {
      await this.#rememberPending(signal);
    }
    return this.frames.get(frame, signal);
  }

  /** Memories of what was given; after it its frames are not needed any more. */
  async #rememberPending(signal: AbortSignal | undefined): Promise<void> {
    const byFrame = new Map<number, FrameOutput[]>();
    for (const { pending } of this.objects) {
      for (const [frame, output] of [...pending.passing, ...pending.conditioning]) {
        if (output.memory !== undefined) continue;
        byFrame.set(frame, [...(byFrame.get(frame) ?? []), output]);
      }
    }
    for (const [frame, outputs] of byFrame) {
      const { features } = await this.frames.get(frame, signal);
      await this.#passes.remember(features, outputs, this.#rules.remembersAsSeen, signal);
    }
  }

  async #trackFrame(
    frame: number,
    { features }: EncodedFrame,
    reverse: boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    const passing = this.objects.filter(({ settled }) => !settled.conditioning.has(frame));
    const outlook = this.#outlook(frame, reverse);
    for (const part of this.#passes.groups(passing, outlook)) {
      const prompts = part.map((): ObjectPrompt => ({
        tokens: [NOTHING, NOTHING],
        takesBest: true,
      }));
      const found = await this.#passes.lookBack(features, part, prompts, outlook, signal);
      // Remembered as it was found: holes are filled for those who look at it only.
      const outputs = found.map((one): FrameOutput => ({ ...one, memory: undefined }));
      await this.#passes.remember(features, outputs, false, signal);
      part.forEach((object, index) => {
        const { memory, copy } = outputs[index]!;
        const filled = this.#passes.filled(found[index]!);
        replace(object.settled.passing, frame, { ...filled, memory, copy });
      });
    }
    this.objects.forEach((object) => object.tracked.set(frame, { reverse }));
  }

  /** A video ends where it ends, whatever the last frame is that was asked for. */
  async #encodedOrEnd(frame: number, signal?: AbortSignal): Promise<EncodedFrame | undefined> {
    try {
      return await this.#reach(frame, signal);
    } catch (error) {
      const isEnd = frame === (this.#parts.count() ?? frame);
      if (isEnd && error instanceof TrackError && error.code === 'no-such-frame') {
        return undefined;
      }
      throw error;
    }
  }

  #roleOf(
    object: ObjectMemory,
    frame: number,
  ): { readonly role: Role; readonly isFirst: boolean; readonly reverse: boolean } {
    const tracked = object.tracked.get(frame);
    const isFirst = tracked === undefined;
    const role = isFirst || this.#rules.correctionsCondition ? 'conditioning' : 'passing';
    return { role, isFirst, reverse: tracked?.reverse ?? false };
  }

  #outlook(frame: number, reverse: boolean): Outlook {
    const { mostConditioning } = this.#rules;
    return { frame, reverse, count: this.#parts.count(), mostConditioning };
  }

  #setPending(object: ObjectMemory, frame: number, role: Role, output: FrameOutput): void {
    this.#objects.set(object.id, object);
    replace(object.pending[role], frame, output);
  }

  #shown(frame: number, role: Role): ObjectOutput[] {
    return this.objects.map((object) => ({ object: object.id, output: object.shown(frame, role) }));
  }

  #known(id: number): ObjectMemory {
    const object = this.#objects.get(id);
    if (object === undefined) {
      const known = this.objects.map((one) => one.id).join(', ');
      throw new TrackError(
        'unknown-object',
        `there is no object ${id}, only ${known === '' ? 'none at all' : known}; add a prompt for it first`,
      );
    }
    return object;
  }

  #earliest(): number {
    return Math.min(...this.objects.flatMap(({ settled }) => [...settled.conditioning.keys()]));
  }
}

function replace(outputs: Map<number, FrameOutput>, frame: number, output: FrameOutput): void {
  const old = outputs.get(frame);
  if (old !== output) {
    disposeOutput(old);
  }
  outputs.set(frame, output);
}
