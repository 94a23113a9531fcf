import type * as Mediabunny from 'mediabunny';

import { whileWanted } from './event-wait.browser.ts';
import {
  type DecoderRun,
  type DecoderStart,
  SeekableFrames,
  type TimedFrame,
} from './seekable-frames.ts';
import type { Video } from './video.ts';
import { VideoError } from './video-error.ts';

/** From so many frames on a model does not ask how many there are. */
const LONG = 16;
/** Packets by which the frame rate is estimated. */
const SOME = 100;

/**
 * Opens a video file by mediabunny, which demultiplexes, and WebCodecs, which decodes.
 *
 * @param name - what errors call it
 * @throws VideoError
 */
export async function openMediaFile(
  place: Blob | string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Video> {
  const library = await loadMediabunny();
  const { formats, BlobSource, Input, UrlSource, VideoSampleSink } = library;
  const source = place instanceof Blob ? new BlobSource(place) : new UrlSource(place, noRetries);
  const input = new Input({ formats: [...formats], source });
  try {
    const track = await whileWanted(findTrack(library, input, name), signal);
    const sink = new VideoSampleSink(track);
    const count = await whileWanted(countFew(sink, name), signal);
    const { averagePacketRate } = await track.computePacketStats(SOME);
    const frameRate = averagePacketRate > 0 ? averagePacketRate : undefined;
    const duration = (await track.getDurationFromMetadata()) ?? undefined;
    const frames = new SeekableFrames(
      name,
      (start) => new SampleRun(sink, name, start),
      (image) => (image as ImageBitmap).close(),
    );
    const close = (): void => {
      frames.close();
      input.dispose();
    };
    return {
      count,
      frameRate,
      expectedCount:
        count ?? (frameRate && duration ? Math.round(frameRate * duration) : undefined),
      read: (frame, signal) => frames.read(frame, signal),
      timeOf: (frame) => frames.timeOf(frame),
      close,
      [Symbol.dispose]: close,
    };
  } catch (error) {
    input.dispose();
    throw error;
  }
}

/** By default it tries for ever. */
const noRetries: Mediabunny.UrlSourceOptions = {
  getRetryDelay: (attempts) => (attempts < 3 ? 0.5 * 2 ** attempts : null),
};

/** What of the library is used. */
type Library = Pick<
  typeof Mediabunny,
  'BlobSource' | 'Input' | 'UnsupportedInputFormatError' | 'UrlSource' | 'VideoSampleSink'
> & { readonly formats: readonly Mediabunny.InputFormat[] };

async function loadMediabunny(): Promise<Library> {
  let library: Library;
  try {
    // Taken apart at once, so that bundlers leave out what is not named.
    const {
      BlobSource,
      Input,
      MATROSKA,
      MP4,
      MPEG_TS,
      QTFF,
      UnsupportedInputFormatError,
      UrlSource,
      VideoSampleSink,
      WEBM,
    } = await import('mediabunny');
    const formats = [MP4, QTFF, WEBM, MATROSKA, MPEG_TS];
    library = {
      formats,
      BlobSource,
      Input,
      UnsupportedInputFormatError,
      UrlSource,
      VideoSampleSink,
    };
  } catch (cause) {
    throw new VideoError(
      'missing-decoder',
      'Video files need the package mediabunny in browsers: npm install mediabunny. Or give a <video> ' +
        'element, or a stream of images.',
      { cause },
    );
  }
  if (!('VideoDecoder' in globalThis)) {
    throw new VideoError(
      'missing-decoder',
      'This browser, or a page that is not served over HTTPS or from localhost, has no WebCodecs to ' +
        'decode videos with. Give a <video> element instead.',
    );
  }
  return library;
}

async function findTrack(
  { UnsupportedInputFormatError }: Library,
  input: Mediabunny.Input,
  name: string,
): Promise<Mediabunny.InputVideoTrack> {
  let track: Mediabunny.InputVideoTrack | null;
  try {
    track = await input.getPrimaryVideoTrack();
  } catch (cause) {
    throw cause instanceof UnsupportedInputFormatError
      ? undecodable(name, 'its format is not known', cause)
      : new VideoError('unreadable', `${name} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (track === null) {
    throw new VideoError('no-frames', `${name} has no video track, only sound or subtitles.`);
  }
  if (!(await track.canDecode())) {
    const codec =
      (await track.getCodecParameterString()) ?? (await track.getCodec()) ?? 'its codec';
    throw undecodable(name, `this browser does not decode ${codec}`);
  }
  return track;
}

/** Frames of a clip if they are few, else undefined; has the decoder show that it works. */
async function countFew(
  sink: Mediabunny.VideoSampleSink,
  name: string,
): Promise<number | undefined> {
  const run = new SampleRun(sink, name, { skip: LONG });
  const hasMore = await run.next(undefined);
  run.close();
  if (hasMore !== undefined) {
    (hasMore.image as ImageBitmap).close();
    return undefined;
  }
  if (run.seen === 0) throw undecodable(name, 'it gives no frame');
  return run.seen;
}

/** Frames of a file, upright and with square pixels. */
class SampleRun implements DecoderRun {
  readonly #samples: AsyncGenerator<Mediabunny.VideoSample, void, unknown>;
  readonly #name: string;
  readonly #start: number;
  readonly #skip: number;
  #canvas: OffscreenCanvas | undefined;
  /** Frames from the start on, with those that were left out. */
  seen = 0;

  constructor(sink: Mediabunny.VideoSampleSink, name: string, { time, skip }: DecoderStart) {
    this.#samples = time === undefined ? sink.samples() : sink.samples(time);
    this.#name = name;
    this.#start = time ?? -Infinity;
    this.#skip = skip;
  }

  async next(signal: AbortSignal | undefined): Promise<TimedFrame | undefined> {
    for (;;) {
      const sample = await this.#sample(signal);
      if (sample === undefined) return undefined;
      using _ = sample;
      const { timestamp, duration } = sample;
      // What ends before zero is there for the decoder only.
      if (timestamp < this.#start || timestamp + duration < 0) continue;
      this.seen += 1;
      if (this.seen > this.#skip) return { image: this.#bitmap(sample), time: timestamp };
    }
  }

  close(): void {
    this.#samples.return().catch(() => undefined);
  }

  async #sample(signal: AbortSignal | undefined): Promise<Mediabunny.VideoSample | undefined> {
    try {
      const { done, value } = await whileWanted(this.#samples.next(), signal);
      return done === true ? undefined : value;
    } catch (cause) {
      signal?.throwIfAborted();
      throw undecodable(this.#name, reasonOf(cause), cause);
    }
  }

  #bitmap(sample: Mediabunny.VideoSample): ImageBitmap {
    const { displayWidth: width, displayHeight: height } = sample;
    this.#canvas ??= new OffscreenCanvas(width, height);
    this.#canvas.width = width;
    this.#canvas.height = height;
    sample.draw(this.#canvas.getContext('2d', { alpha: false })!, 0, 0);
    return this.#canvas.transferToImageBitmap();
  }
}

function undecodable(name: string, why: string, cause?: unknown): VideoError {
  return new VideoError(
    'undecodable',
    `${name} cannot be decoded: ${why}. It is no video, damaged, or of a kind that this browser does not ` +
      'read; convert it, for example to MP4 with H.264 or WebM with VP9.',
    { cause },
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
