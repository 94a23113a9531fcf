import type { ImageInput } from 'samgpu';

import type { TaskOptions } from '../../engine/engine.ts';
import type { SegmenterUse } from '../../engine/in-page/shared-segmenters.ts';
import { SessionError } from '../../session-error.ts';
import { PageTrack } from './page-track.ts';
import type {
  OpenedTrack,
  TrackPromptRequest,
  TrackReply,
  TrackRequest,
  TrackStep,
  VideoEngine,
} from './video-engine.ts';

/** What tracks need of the engine that they belong to. */
export interface TrackHome {
  /** @throws SessionError `unknown-model` */
  useOf(model: string): SegmenterUse;
  /** Runs work whose errors become those of a session. */
  run<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result>;
}

/** Follows objects in this thread. */
export class PageVideoEngine implements VideoEngine {
  readonly #home: TrackHome;
  readonly #tracks = new Map<string, PageTrack>();
  #count = 0;

  constructor(home: TrackHome) {
    this.#home = home;
  }

  open(model: string, request: TrackRequest, { signal }: TaskOptions = {}): Promise<OpenedTrack> {
    return this.#home.run(signal, async () => {
      const use = this.#home.useOf(model).share();
      try {
        const track = await PageTrack.open(use, request);
        const id = `track-${++this.#count}`;
        this.#tracks.set(id, track);
        return { id };
      } catch (error) {
        use.release();
        throw error;
      }
    });
  }

  add(
    track: string,
    prompt: TrackPromptRequest,
    image: ImageInput,
    { signal }: TaskOptions = {},
  ): Promise<TrackReply> {
    return this.#home.run(signal, () => this.#track(track).add(prompt, image, signal));
  }

  remove(track: string, object: number): Promise<Pick<TrackReply, 'bytes'>> {
    return this.#home.run(undefined, () => this.#track(track).remove(object));
  }

  follow(
    track: string,
    step: TrackStep,
    image: ImageInput,
    { signal }: TaskOptions = {},
  ): Promise<TrackReply> {
    return this.#home.run(signal, () => this.#track(track).follow(step, image, signal));
  }

  release(id: string): void {
    this.#tracks.get(id)?.dispose();
    this.#tracks.delete(id);
  }

  dispose(): void {
    for (const id of this.#tracks.keys()) this.release(id);
  }

  #track(id: string): PageTrack {
    const track = this.#tracks.get(id);
    if (track === undefined) {
      throw new SessionError('image-lost', `no track "${id}"; open it again`);
    }
    return track;
  }
}
