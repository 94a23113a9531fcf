import type { Size } from '@samgpu/mask';
import type { TrackingVariant } from '@samgpu/variant';

import { Frame } from '../preprocess/index.ts';
import type { FrameReader } from './frame-reader.ts';
import type { ObjectMemory } from './object-memory.ts';
import { saveTrack } from './saved-track.ts';
import { TrackError } from './track-error.ts';
import { checkTrackPrompt, type TrackPrompt, trackTokens } from './track-prompt.ts';
import { type TrackedFrame, trackedFrame } from './tracked-frame.ts';
import type { ObjectOutput, Tracker } from './tracker.ts';
import type { TrackerRules } from './tracker-rules.ts';

/** How a video is tracked. Defaults are those of the official predictor. */
export interface TrackOptions extends TrackerRules {
  /** Whether objects may share pixels; if not, each goes to the surest one. @defaultValue true */
  readonly overlapping?: boolean;
  /** Most pixels of a frame, see `ImageSourceOptions`. */
  readonly maxPixels?: number;
}

/** Where to track. */
export interface PropagateOptions {
  /** @defaultValue the first frame with a prompt */
  readonly from?: number;
  /** The last frame, included. @defaultValue the end of the video, or its start in reverse */
  readonly to?: number;
  /** @defaultValue false */
  readonly reverse?: boolean;
  readonly signal?: AbortSignal;
}

/** @internal What a track is made of. */
export interface TrackParts {
  readonly variant: TrackingVariant;
  readonly tracker: Tracker;
  readonly reader: FrameReader;
  readonly overlapping: boolean;
}

/**
 * Objects that are followed through a video: say where they are on some frames, and go through the
 * others.
 *
 * What is remembered does not grow with the video. Dispose of it when done, by `dispose()` or `using`.
 */
export class Track {
  readonly #parts: TrackParts;
  #isBusy = false;
  #disposed = false;

  /** @internal Use `Segmenter.track`. */
  constructor(parts: TrackParts) {
    this.#parts = parts;
  }

  /** @internal Takes over what was saved. @param size - of its frames */
  restore(objects: readonly ObjectMemory[], size: Size | undefined): void {
    const { tracker } = this.#parts;
    objects.forEach((object) => tracker.restore(object));
    tracker.frames.expect(size);
  }

  /** Numbers of the objects, in the order in which they were added. */
  get objects(): readonly number[] {
    return this.#parts.tracker.objects.map(({ id }) => id);
  }

  /** Frames of the video; undefined as long as that is not known. */
  get frameCount(): number | undefined {
    return this.#parts.reader.count;
  }

  /** Bytes of all that is remembered, in the memory of JavaScript and of the device. */
  get bytes(): number {
    return this.#parts.tracker.bytes;
  }

  /**
   * Says where an object is on a frame, or corrects what was found there.
   *
   * @returns all objects that something is known of on that frame
   * @throws TrackError for a frame that there is not, or a prompt that means nothing
   * @throws PromptError for coordinates that do not fit the frame
   */
  add(prompt: TrackPrompt, options: { readonly signal?: AbortSignal } = {}): Promise<TrackedFrame> {
    return this.#alone('add', async ({ tracker, variant }) => {
      checkTrackPrompt(prompt);
      const { signal } = options;
      const { frame, object, mask, append = false } = prompt;
      const size = await tracker.sizeOf(frame, signal);
      if (mask !== undefined) {
        expectSize(mask, size);
        return this.#show(frame, await tracker.addMask(frame, object, mask, signal), size);
      }
      const square = new Frame(size, variant.tracking.preprocessing);
      const tokens = trackTokens(prompt, variant, square);
      return this.#show(
        frame,
        await tracker.addPoints(frame, object, tokens, append, signal),
        size,
      );
    });
  }

  /**
   * Takes back what was given for an object on a frame.
   *
   * @returns what is still known on that frame
   * @throws TrackError `unknown-object`
   */
  clear(where: { readonly frame: number; readonly object: number }): Promise<TrackedFrame> {
    return this.#alone('clear', async ({ tracker }) => {
      const objects = tracker.clear(where.frame, where.object);
      const size = await tracker.sizeOf(where.frame);
      return this.#show(where.frame, objects, size);
    });
  }

  /** Forgets an object. @throws TrackError `unknown-object` */
  remove(object: number): void {
    this.#live('remove').tracker.remove(object);
  }

  /**
   * Follows all objects from frame to frame. Prompts may be added in between, and after it has ended;
   * then go on from where they are.
   *
   * What was found is kept when it is stopped, by the signal, an error or by leaving the loop.
   *
   * @throws TrackError `no-prompt` where nothing says what is to be tracked, `no-such-frame` where it is to
   *   begin beyond the end
   */
  async *propagate(options: PropagateOptions = {}): AsyncGenerator<TrackedFrame, void, undefined> {
    const { tracker } = this.#live('propagate');
    const frames = tracker.propagate(options);
    for (;;) {
      const { done, value } = await this.#alone('propagate', () => frames.next());
      if (done === true) {
        return;
      }
      yield this.#show(value.frame, value.objects, tracker.frames.size!);
    }
  }

  /** All that is remembered, to go on later by `Segmenter.resume`. The frames are not part of it. */
  save(): Promise<Uint8Array> {
    return this.#alone('save', ({ tracker, variant }) =>
      saveTrack(tracker.objects, variant.name, tracker.frames.size),
    );
  }

  /** Frees what is remembered, and ends a stream of frames. */
  dispose(): void {
    if (!this.#disposed) {
      this.#disposed = true;
      const { tracker, reader } = this.#parts;
      tracker.dispose();
      // A stream that fails while it is closed has nobody to tell any more.
      reader.close().catch(() => undefined);
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #show(frame: number, objects: readonly ObjectOutput[], size: Size): TrackedFrame {
    return trackedFrame(frame, objects, size, this.#parts.overlapping);
  }

  /** One thing at a time: memories are built one on the other. */
  async #alone<Result>(
    operation: string,
    work: (parts: TrackParts) => Promise<Result>,
  ): Promise<Result> {
    const parts = this.#live(operation);
    if (this.#isBusy) {
      throw new TrackError(
        'busy',
        `cannot ${operation}: this track is at work; await what was called before`,
      );
    }
    this.#isBusy = true;
    try {
      return await work(parts);
    } finally {
      this.#isBusy = false;
    }
  }

  #live(operation: string): TrackParts {
    if (this.#disposed) {
      throw new TrackError('disposed', `cannot ${operation}: this track was disposed of`);
    }
    return this.#parts;
  }
}

function expectSize(mask: Size, { width, height }: Size): void {
  if (mask.width !== width || mask.height !== height) {
    throw new TrackError(
      'wrong-prompt',
      `a mask of ${mask.width}x${mask.height} for a frame of ${width}x${height}; give one of its size`,
    );
  }
}
