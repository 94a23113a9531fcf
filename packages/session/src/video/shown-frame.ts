import type { ImageInput, Video } from 'samgpu';

/** Reads the frame that is to be shown; the latest wish counts, and one is read at a time. */
export class ShownFrame {
  readonly #video: Video;
  readonly #arrived: (frame: number, image: ImageInput) => void;
  readonly #ended: (count: number) => void;
  readonly #failed: (error: unknown) => void;
  readonly #stop = new AbortController();
  #wanted = 0;
  #shown = -1;
  #run: Promise<void> | null = null;

  /**
   * @param listener - `ended`: the video has so many frames, fewer than was thought
   */
  constructor(
    video: Video,
    listener: {
      readonly arrived: (frame: number, image: ImageInput) => void;
      readonly ended: (count: number) => void;
      readonly failed: (error: unknown) => void;
    },
  ) {
    this.#video = video;
    this.#arrived = listener.arrived;
    this.#ended = listener.ended;
    this.#failed = listener.failed;
  }

  /** @returns when the latest wish is met */
  show(frame: number): Promise<void> {
    this.#wanted = frame;
    this.#run ??= this.#read().finally(() => {
      this.#run = null;
    });
    return this.#run;
  }

  /** Shows nothing more; the video is its owner's. */
  close(): void {
    this.#stop.abort();
  }

  async #read(): Promise<void> {
    const { signal } = this.#stop;
    try {
      while (this.#wanted !== this.#shown && !signal.aborted) {
        const frame = this.#wanted;
        const image = await this.#video.read(frame, signal);
        if (signal.aborted) return;
        if (image !== undefined) {
          this.#shown = frame;
          this.#arrived(frame, image);
        } else if (frame === 0) {
          throw new Error('the video has no frame');
        } else {
          // It ends before this one; where, going back tells.
          if (this.#wanted === frame) this.#wanted = frame - 1;
          this.#ended(frame);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#shown = -1;
      this.#failed(error);
    }
  }
}
