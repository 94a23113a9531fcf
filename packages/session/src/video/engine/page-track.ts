import { fromCompressedRle, Mask } from '@samgpu/mask';
import type { ImageInput, Track, TrackedFrame } from 'samgpu';

import type { SegmenterUse } from '../../engine/in-page/shared-segmenters.ts';
import { SessionError } from '../../session-error.ts';
import type { TrackPromptRequest, TrackReply, TrackRequest, TrackStep } from './video-engine.ts';

/** A track whose frames are handed over one by one. */
export class PageTrack {
  readonly #use: SegmenterUse;
  #track: Track | undefined;
  /** The frame of the call under way. */
  #given: { readonly frame: number; readonly image: ImageInput } | null = null;
  #course: AsyncGenerator<TrackedFrame, void, undefined> | null = null;
  /** Ends the course. */
  #stop = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(use: SegmenterUse) {
    this.#use = use;
  }

  /** @param use - released with the track */
  static async open(use: SegmenterUse, { count, overlapping }: TrackRequest): Promise<PageTrack> {
    const opened = new PageTrack(use);
    const source = { count, read: (frame: number) => opened.#read(frame) };
    opened.#track = await use.segmenter.track(source, {
      ...(overlapping !== undefined && { overlapping }),
    });
    return opened;
  }

  add(
    { mask, ...prompt }: TrackPromptRequest,
    image: ImageInput,
    signal: AbortSignal | undefined,
  ): Promise<TrackReply> {
    return this.#alone(async (track) => {
      await this.#endCourse();
      signal?.throwIfAborted();
      this.#given = { frame: prompt.frame, image };
      const request = {
        ...prompt,
        ...(mask && { mask: Mask.fromRle(fromCompressedRle(mask)) }),
      };
      return this.#reply(await track.add(request, { ...(signal && { signal }) }));
    });
  }

  remove(object: number): Promise<Pick<TrackReply, 'bytes'>> {
    return this.#alone(async (track) => {
      await this.#endCourse();
      track.remove(object);
      return { bytes: track.bytes };
    });
  }

  follow(
    { frame, begins, reverse }: TrackStep,
    image: ImageInput,
    signal: AbortSignal | undefined,
  ): Promise<TrackReply> {
    return this.#alone(async (track) => {
      signal?.throwIfAborted();
      if (begins) {
        await this.#endCourse();
        this.#stop = new AbortController();
        this.#course = track.propagate({ from: frame, reverse, signal: this.#stop.signal });
      }
      const course = this.#course;
      if (course === null) {
        throw new SessionError(
          'failed',
          `there is no course that frame ${frame} goes on with; begin one there`,
        );
      }
      this.#given = { frame, image };
      const { signal: stopped } = this.#stop;
      const abort = (): void => this.#stop.abort(signal!.reason);
      signal?.addEventListener('abort', abort, { once: true });
      try {
        const { done, value } = await course.next();
        if (done !== true) return this.#reply(value);
        this.#course = null;
        throw new SessionError('failed', `there is nothing to follow at frame ${frame}`);
      } catch (error) {
        this.#course = null;
        if (stopped.aborted) throw stopped.reason;
        throw error;
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    });
  }

  dispose(): void {
    this.#stop.abort(new SessionError('disposed', 'the track was closed'));
    // What is under way needs its memories until it notices.
    void this.#queue.then(() => {
      this.#track?.dispose();
      this.#use.release();
    });
  }

  #read(frame: number): ImageInput {
    if (this.#given?.frame === frame) return this.#given.image;
    throw new SessionError('failed', `frame ${frame} is wanted again; open another track`);
  }

  async #endCourse(): Promise<void> {
    const course = this.#course;
    this.#course = null;
    await course?.return();
  }

  #reply({ frame, objects }: TrackedFrame): TrackReply {
    return {
      frame,
      objects: objects.map(({ object, mask, score, objectScore, occluded }) => ({
        object,
        rle: mask.toRle({ compressed: true }),
        area: mask.area,
        score,
        objectScore,
        occluded,
      })),
      bytes: this.#track!.bytes,
    };
  }

  /** One call after another. */
  #alone<Result>(work: (track: Track) => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(async () => {
      try {
        return await work(this.#track!);
      } finally {
        this.#given = null;
      }
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
