import { whileWanted } from './event-wait.browser.ts';
import type { Video } from './video.ts';
import { VideoError } from './video-error.ts';

/** What has a frame, and can be closed. */
export type LiveImage = ImageBitmap | VideoFrame;

/**
 * Frames that come by themselves, one after another. Each is counted that is taken; those that come while
 * nobody waits are not.
 */
export class LiveFrames implements Video {
  readonly frameRate = undefined;
  readonly expectedCount = undefined;
  readonly #take: () => Promise<LiveImage | undefined>;
  readonly #stop: () => void;
  #next = 0;
  #last: LiveImage | undefined;
  /** A frame that somebody waited for, and then did not. */
  #coming: Promise<LiveImage | undefined> | undefined;
  #end: number | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /**
   * @param take - waits for a frame; undefined at the end
   * @param stop - ends what gives them
   */
  constructor(take: () => Promise<LiveImage | undefined>, stop: () => void = () => undefined) {
    this.#take = take;
    this.#stop = stop;
  }

  get count(): number | undefined {
    return this.#end;
  }

  read(frame: number, signal?: AbortSignal): Promise<LiveImage | undefined> {
    const reading = this.#queue.then(() => this.#read(frame, signal));
    this.#queue = reading.catch(() => undefined);
    return reading;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#last?.close();
    this.#stop();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #read(frame: number, signal: AbortSignal | undefined): Promise<LiveImage | undefined> {
    if (this.#isClosed) throw new VideoError('closed', 'The camera was closed; open it again.');
    if (frame === this.#next - 1 && this.#last !== undefined) return this.#last;
    if (frame < this.#next) {
      throw new VideoError(
        'frame-gone',
        `Frame ${frame} of a camera has passed, and cameras are not kept; go on from frame ${this.#next}.`,
      );
    }
    while (this.#next <= frame) {
      if (this.#end !== undefined) return undefined;
      this.#coming ??= this.#take();
      const image = await whileWanted(this.#coming, signal);
      this.#coming = undefined;
      if (image === undefined) {
        this.#end = this.#next;
        return undefined;
      }
      this.#last?.close();
      this.#last = image;
      this.#next += 1;
    }
    return this.#last;
  }
}
