import type { ImageInput } from '../image-source/index.ts';
import { VideoError } from './video-error.ts';

/** A frame, and when it is shown, in seconds of the video. */
export interface TimedFrame {
  readonly image: ImageInput;
  /** Undefined where nothing tells. */
  readonly time: number | undefined;
}

/** Frames as they come out of a decoder, one after another. */
export interface DecoderRun {
  /** The next one; undefined at the end. What is thrown ends the run. */
  next(signal: AbortSignal | undefined): Promise<TimedFrame | undefined>;
  /** Stops the decoder. */
  close(): void;
}

/** Where a decoder begins. */
export interface DecoderStart {
  /** Frames that are shown before this time, in seconds, are left out. */
  readonly time?: number;
  /** How many frames are left out from there on. */
  readonly skip: number;
}

/** Frames ahead that are rather decoded than sought. */
const STEP = 32;
/** Frames that are decoded at once where a video is read backwards. */
const BLOCK = 12;
/** Frames that are kept: the latest ones, which are asked for again by whoever draws them. */
const KEPT = 2;
/** Seconds; smaller than the distance between two frames of any video. */
const INSTANT = 5e-4;

/**
 * Frames by their number, of a decoder that finds them by time.
 *
 * Which frame is shown when is learned from the frames that went by. Whoever goes back to one of them is
 * taken there by its time; whoever goes on to one that was not seen gets there by counting. So numbers are
 * exact, whatever time is between frames. Where times turn out to be of no use everything is counted.
 */
export class SeekableFrames {
  readonly #name: string;
  readonly #open: (start: DecoderStart) => DecoderRun;
  readonly #release: (image: ImageInput) => void;
  /** When the frames that were seen are shown. */
  readonly #times = new Map<number, number>();
  readonly #kept = new Map<number, ImageInput>();
  #run: DecoderRun | undefined;
  /** Number of the frame that the run gives next. */
  #next = 0;
  #last = -1;
  #isOrdered = true;
  #isClosed = false;
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * @param name - what errors call the video
   * @param release - frees an image that is not kept any more
   */
  constructor(
    name: string,
    open: (start: DecoderStart) => DecoderRun,
    release: (image: ImageInput) => void = () => undefined,
  ) {
    this.#name = name;
    this.#open = open;
    this.#release = release;
  }

  /** One at a time, in the order of the calls. @throws VideoError */
  read(frame: number, signal?: AbortSignal): Promise<ImageInput | undefined> {
    const reading = this.#queue.then(() => this.#read(frame, signal));
    this.#queue = reading.catch(() => undefined);
    return reading;
  }

  /** Seconds; undefined for a frame that was not seen, and where times are of no use. */
  timeOf(frame: number): number | undefined {
    return this.#isOrdered ? this.#times.get(frame) : undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
    this.#forget(0);
  }

  async #read(frame: number, signal?: AbortSignal): Promise<ImageInput | undefined> {
    signal?.throwIfAborted();
    this.#expectOpen();
    const kept = this.#kept.get(frame);
    if (kept !== undefined) {
      this.#last = frame;
      return kept;
    }
    const isBackwards = frame === this.#last - 1;
    const first = isBackwards ? Math.max(0, frame - BLOCK + 1) : frame;
    const image = await this.#readFrom(first, frame, signal);
    this.#forget(isBackwards ? BLOCK : KEPT);
    this.#last = frame;
    return image;
  }

  /** Reads up to a frame, and keeps what comes from `first` on. */
  async #readFrom(
    first: number,
    frame: number,
    signal: AbortSignal | undefined,
  ): Promise<ImageInput | undefined> {
    const isAhead = first >= this.#next && first - this.#next < STEP;
    if (this.#run === undefined || !isAhead) {
      await this.#goTo(first, signal);
    }
    for (;;) {
      const number = this.#next;
      if (number > frame) return this.#kept.get(frame);
      const timed = await this.#advance(signal);
      if (timed === undefined) return undefined;
      if (number >= first) this.#keep(number, timed.image);
      else this.#release(timed.image);
    }
  }

  /** Starts a run at a frame, or a little before it. */
  async #goTo(frame: number, signal: AbortSignal | undefined): Promise<void> {
    this.#stop();
    const known = this.#isOrdered ? this.#knownBefore(frame) : 0;
    // From a frame far back it is quicker to have the decoder count.
    if (known > 0 && frame - known < frame / 2) {
      const time = this.#times.get(known)!;
      const before = this.#times.get(known - 1);
      const margin = before === undefined ? INSTANT : (time - before) / 2;
      this.#run = this.#open({ time: time - margin, skip: 0 });
      this.#next = known;
      const timed = await this.#advance(signal);
      if (timed?.time !== undefined && Math.abs(timed.time - time) < margin) {
        this.#keep(known, timed.image);
        return;
      }
      if (timed !== undefined) this.#release(timed.image);
      // It cannot be sought in after all.
      this.#isOrdered = false;
      this.#stop();
    }
    this.#run = this.#open({ skip: frame });
    this.#next = frame;
  }

  async #advance(signal: AbortSignal | undefined): Promise<TimedFrame | undefined> {
    try {
      const timed = await this.#run!.next(signal);
      if (timed === undefined) {
        this.#stop();
        return undefined;
      }
      this.#note(this.#next, timed.time);
      this.#next += 1;
      return timed;
    } catch (error) {
      this.#stop();
      signal?.throwIfAborted();
      this.#expectOpen();
      throw error;
    }
  }

  #expectOpen(): void {
    if (this.#isClosed) {
      throw new VideoError('closed', `${this.#name} was closed; open it again.`);
    }
  }

  #note(frame: number, time: number | undefined): void {
    const before = this.#times.get(frame - 1) ?? -Infinity;
    const after = this.#times.get(frame + 1) ?? Infinity;
    if (time === undefined || !(before < time && time < after)) {
      this.#isOrdered = false;
    } else if (!this.#times.has(frame)) {
      this.#times.set(frame, time);
    }
  }

  /** The last frame up to this one whose time is known; 0 where there is none. */
  #knownBefore(frame: number): number {
    let known = frame;
    while (known > 0 && !this.#times.has(known)) known--;
    return known;
  }

  #forget(capacity: number): void {
    for (const [number, image] of this.#kept) {
      if (this.#kept.size <= capacity) break;
      this.#kept.delete(number);
      this.#release(image);
    }
  }

  #keep(frame: number, image: ImageInput): void {
    const before = this.#kept.get(frame);
    if (before !== undefined) this.#release(before);
    this.#kept.delete(frame);
    this.#kept.set(frame, image);
  }

  #stop(): void {
    this.#run?.close();
    this.#run = undefined;
  }
}
