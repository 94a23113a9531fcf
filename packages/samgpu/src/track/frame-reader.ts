import {
  type FrameInput,
  type FrameSource,
  openVideo,
  type Video,
  type VideoInput,
} from '../frames/index.ts';
import type { ImageInput } from '../image-source/index.ts';
import { TrackError } from './track-error.ts';

/** Frames as a track reads them. */
export interface FrameReader {
  /** Undefined as long as it is not known. */
  readonly count: number | undefined;
  /** @throws TrackError `no-such-frame` or `frame-gone` */
  read(frame: number, signal?: AbortSignal): Promise<ImageInput>;
  /** Ends a stream. */
  close(): Promise<void>;
}

/**
 * @throws TrackError `no-frames` for an empty list
 * @throws VideoError for a video that cannot be opened
 */
export async function openFrames(input: FrameInput): Promise<FrameReader> {
  if (Array.isArray(input)) {
    const list = input as readonly ImageInput[];
    return new SourceReader({ count: list.length, read: (frame) => list[frame] });
  }
  if (typeof input === 'object') {
    if ('read' in input && typeof input.read === 'function') {
      return new SourceReader(input);
    }
    if (isStream(input)) {
      return new StreamReader(input);
    }
  }
  const video = await openVideo(input as VideoInput);
  return new SourceReader(video, video);
}

function isStream(
  input: FrameInput & object,
): input is AsyncIterable<ImageInput> | Iterable<ImageInput> {
  // Lists of files and folders, which browsers have, can be gone through too, but are read by number.
  const isWhole = /FileList|FileSystemDirectoryHandle/.test(Object.prototype.toString.call(input));
  return !isWhole && (Symbol.asyncIterator in input || Symbol.iterator in input);
}

class SourceReader implements FrameReader {
  readonly #source: FrameSource;
  readonly #video: Video | undefined;
  #end: number | undefined;
  /** Frames from here on do not exist; those before may not either. */
  #bound = Infinity;
  #highest = -1;

  /** @param video - that was opened for this reader */
  constructor(source: FrameSource, video?: Video) {
    if (source.count === 0) {
      throw noFrames();
    }
    this.#source = source;
    this.#video = video;
  }

  get count(): number | undefined {
    return this.#source.count ?? this.#end;
  }

  async read(frame: number, signal?: AbortSignal): Promise<ImageInput> {
    expectFrame(frame, this.count);
    const image = frame < this.#bound ? await this.#source.read(frame, signal) : undefined;
    if (image === undefined) {
      this.#bound = Math.min(this.#bound, frame);
      if (frame === this.#highest + 1) {
        this.#end = frame;
      }
      throw frame === 0 ? noFrames() : noSuchFrame(frame, this.count);
    }
    this.#highest = Math.max(this.#highest, frame);
    return image;
  }

  async close(): Promise<void> {
    // Whoever opened it closes it.
    this.#video?.close();
  }
}

class StreamReader implements FrameReader {
  readonly #frames: AsyncIterator<ImageInput> | Iterator<ImageInput>;
  #next = 0;
  /** The last frame, as long as no other is taken. */
  #last: ImageInput | undefined;
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
    if (frame === this.#next - 1 && this.#last !== undefined) {
      return this.#last;
    }
    if (frame < this.#next) {
      throw new TrackError(
        'frame-gone',
        `frame ${frame} of a stream has passed, and is not among those that are kept; go on from a later one ` +
          '(`from`), raise keepFrames, or give frames that can be read again',
      );
    }
    for (;;) {
      signal?.throwIfAborted();
      this.#last = undefined;
      const { done, value } = await this.#frames.next();
      if (done === true) {
        this.#hasEnded = true;
        throw this.#next === 0 ? noFrames() : noSuchFrame(frame, this.#next);
      }
      this.#next++;
      if (this.#next > frame) {
        this.#last = value;
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

export function noSuchFrame(frame: number, count: number | undefined): TrackError {
  const isNumber = Number.isSafeInteger(frame) && frame >= 0;
  const wanted = isNumber ? 'one before the end of the video' : 'a whole number from 0 on';
  return new TrackError(
    'no-such-frame',
    `there is no frame ${frame}; wanted ${count === undefined ? wanted : `0 to ${count - 1}`}`,
  );
}

function noFrames(): TrackError {
  return new TrackError('no-frames', 'there are no frames; give at least one');
}
