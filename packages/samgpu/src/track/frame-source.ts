import type { ImageInput } from '../image-source/index.ts';
import { TrackError } from './track-error.ts';

/** Frames that can be read in any order: a folder of images, a video that can be sought in. */
export interface FrameSource {
  /**
   * How many there are; undefined where only reading tells. SAM 2.1 counts time in shares of a clip that
   * has fewer than 16 frames, so say it of such ones.
   */
  readonly count?: number | undefined;
  /** The frame of that number, from 0 on; undefined past the end. */
  read(
    frame: number,
    signal?: AbortSignal,
  ): ImageInput | undefined | Promise<ImageInput | undefined>;
}

/**
 * Where frames come from: a list, something that reads them by number, or a stream such as a camera, of
 * which each frame is taken once. Streams may be endless: they are not kept.
 */
export type FrameInput =
  | readonly ImageInput[]
  | FrameSource
  | AsyncIterable<ImageInput>
  | Iterable<ImageInput>;

/** Frames as a track reads them. */
export interface FrameReader {
  /** Undefined as long as it is not known. */
  readonly count: number | undefined;
  /** @throws TrackError `no-such-frame` or `frame-gone` */
  read(frame: number, signal?: AbortSignal): Promise<ImageInput>;
  /** Ends a stream. */
  close(): Promise<void>;
}

/** @throws TrackError `no-frames` for an empty list */
export function openFrames(input: FrameInput): FrameReader {
  if (Array.isArray(input)) {
    const list = input as readonly ImageInput[];
    return new SourceReader({ count: list.length, read: (frame) => list[frame] });
  }
  return isSource(input)
    ? new SourceReader(input)
    : new StreamReader(input as AsyncIterable<ImageInput> | Iterable<ImageInput>);
}

function isSource(input: FrameInput): input is FrameSource {
  return 'read' in input && typeof input.read === 'function';
}

class SourceReader implements FrameReader {
  readonly #source: FrameSource;
  #end: number | undefined;

  constructor(source: FrameSource) {
    if (source.count === 0) {
      throw noFrames();
    }
    this.#source = source;
  }

  get count(): number | undefined {
    return this.#source.count ?? this.#end;
  }

  async read(frame: number, signal?: AbortSignal): Promise<ImageInput> {
    expectFrame(frame, this.count);
    const image = await this.#source.read(frame, signal);
    if (image === undefined) {
      this.#end = Math.min(this.#end ?? Infinity, frame);
      throw frame === 0 ? noFrames() : noSuchFrame(frame, this.count);
    }
    return image;
  }

  async close(): Promise<void> {
    // Whoever opened it closes it.
  }
}

class StreamReader implements FrameReader {
  readonly #frames: AsyncIterator<ImageInput> | Iterator<ImageInput>;
  #next = 0;
  #hasEnded = false;

  constructor(stream: AsyncIterable<ImageInput> | Iterable<ImageInput>) {
    this.#frames =
      Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]();
  }

  get count(): number | undefined {
    return this.#hasEnded ? this.#next : undefined;
  }

  async read(frame: number, signal?: AbortSignal): Promise<ImageInput> {
    expectFrame(frame, this.count);
    if (frame < this.#next) {
      throw new TrackError(
        'frame-gone',
        `frame ${frame} of a stream has passed, and is not among those that are kept; go on from a later one ` +
          '(`from`), raise keepFrames, or give frames that can be read again',
      );
    }
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await this.#frames.next();
      if (done === true) {
        this.#hasEnded = true;
        throw this.#next === 0 ? noFrames() : noSuchFrame(frame, this.#next);
      }
      this.#next++;
      if (this.#next > frame) {
        return value;
      }
    }
  }

  async close(): Promise<void> {
    if (!this.#hasEnded) {
      await this.#frames.return?.();
    }
  }
}

function expectFrame(frame: number, count: number | undefined): void {
  if (!Number.isSafeInteger(frame) || frame < 0 || frame >= (count ?? Infinity)) {
    throw noSuchFrame(frame, count);
  }
}

function noSuchFrame(frame: number, count: number | undefined): TrackError {
  const wanted = count === undefined ? 'a whole number from 0 on' : `0 to ${count - 1}`;
  return new TrackError('no-such-frame', `there is no frame ${frame}; wanted ${wanted}`);
}

function noFrames(): TrackError {
  return new TrackError('no-frames', 'there are no frames; give at least one');
}
