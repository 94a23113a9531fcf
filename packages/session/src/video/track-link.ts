import type { Size } from '@samgpu/mask';
import type { ImageInput } from 'samgpu';

import type { Engine } from '../engine/engine.ts';
import type { SessionPrompt } from '../prompts/session-prompt.ts';
import { SessionError } from '../session-error.ts';
import type { TrackReply, TrackStep, VideoEngine } from './engine/video-engine.ts';
import { promptRequests } from './prompt-requests.ts';

/** What a track should know: of each object's number, what was said on which frame. */
export type WantedPrompts = ReadonlyMap<number, ReadonlyMap<number, readonly SessionPrompt[]>>;

/** The video as a track needs it. */
export interface TrackVideo extends Size {
  readonly count: number | undefined;
  /** @throws SessionError where there is no such frame */
  read(frame: number, signal: AbortSignal): Promise<ImageInput>;
}

/** Keeps a track of an engine in step with what a person said. A track that is lost is made anew. */
export class TrackLink {
  readonly #engine: Engine;
  readonly #video: TrackVideo;
  readonly #model: string;
  #track: string | null = null;
  #sent = new Map<number, Map<number, readonly SessionPrompt[]>>();

  /** @param model - id of a loaded model */
  constructor(engine: Engine, model: string, video: TrackVideo) {
    this.#engine = engine;
    this.#model = model;
    this.#video = video;
  }

  /** Whether the track knows all of this, and nothing else. */
  matches(wanted: WantedPrompts): boolean {
    return this.#difference(wanted) === undefined;
  }

  /**
   * Tells the track what it does not know yet, until it knows all of what is wanted by then.
   *
   * @param onReply - told what was found on a frame where something was said
   */
  async match(
    wanted: () => WantedPrompts,
    onReply: (reply: TrackReply) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const difference = this.#difference(wanted());
      if (difference === undefined) return;
      await this.#guard(signal, async (video) => {
        const track = (this.#track ??= await this.#open(video, signal));
        const { object } = difference;
        if (difference.kind === 'forget') {
          await video.remove(track, object);
          this.#sent.delete(object);
          return;
        }
        const { frame, prompts } = difference;
        for (const request of promptRequests(prompts, this.#video, { frame, object })) {
          const image = await this.#video.read(frame, signal);
          const reply = await video.add(track, request, image, { signal });
          onReply(reply);
        }
        const own = this.#sent.get(object) ?? new Map<number, readonly SessionPrompt[]>();
        this.#sent.set(object, own.set(frame, prompts));
      });
    }
  }

  /** Follows all objects to a frame. */
  async follow(step: TrackStep, image: ImageInput, signal: AbortSignal): Promise<TrackReply> {
    return this.#guard(signal, (video) => video.follow(this.#track!, step, image, { signal }));
  }

  close(): void {
    if (this.#track !== null) this.#engine.release(this.#track);
    this.#track = null;
    this.#sent = new Map();
  }

  async #open(video: VideoEngine, signal: AbortSignal): Promise<string> {
    const { count } = this.#video;
    const request = count === undefined ? {} : { count };
    return (await video.open(this.#model, request, { signal })).id;
  }

  #difference(wanted: WantedPrompts):
    | { readonly kind: 'forget'; readonly object: number }
    | {
        readonly kind: 'add';
        readonly object: number;
        readonly frame: number;
        readonly prompts: readonly SessionPrompt[];
      }
    | undefined {
    for (const [object, sent] of this.#sent) {
      const frames = wanted.get(object);
      // What was said on a frame and is not said any more shaped all that came after: it starts anew.
      const isLess = frames === undefined || [...sent.keys()].some((frame) => !frames.has(frame));
      if (isLess) return { kind: 'forget', object };
    }
    for (const [object, frames] of wanted) {
      for (const [frame, prompts] of frames) {
        if (this.#sent.get(object)?.get(frame) !== prompts) {
          return { kind: 'add', object, frame, prompts };
        }
      }
    }
    return undefined;
  }

  /** After a failure nobody knows what the track knows; after an abort it is told again. */
  async #guard<Result>(
    signal: AbortSignal,
    work: (video: VideoEngine) => Promise<Result>,
  ): Promise<Result> {
    const { video } = this.#engine;
    if (video === undefined) {
      throw new SessionError('unsupported', 'this engine follows nothing through videos');
    }
    try {
      return await work(video);
    } catch (error) {
      if (!signal.aborted) this.close();
      throw error;
    }
  }
}
