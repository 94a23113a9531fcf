import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';

import type { PixelImage } from '../image-source/pixel-image.ts';
import type { FrameSource } from '../track/frame-source.ts';
import { Decoding } from './decoding.ts';

export interface FfmpegOptions {
  /** The program. @defaultValue `ffmpeg`, on the PATH */
  readonly ffmpeg?: string;
}

/**
 * The frames of a video file, decoded by FFmpeg as they are asked for: one after the other is quick,
 * going back begins again at the start. Close it when done, or declare it with `using`.
 *
 * @example
 * using frames = await ffmpegFrames('clip.mp4');
 * using track = await segmenter.track(frames);
 * @throws FfmpegError `ffmpeg-missing` or `not-a-video`
 */
export async function ffmpegFrames(
  file: string,
  { ffmpeg = 'ffmpeg' }: FfmpegOptions = {},
): Promise<VideoFrames> {
  const frames = new VideoFrames(ffmpeg, file, await countFrames(ffmpeg, file));
  try {
    // What is no video is said here, and not in the middle of the work.
    await frames.read(0);
    return frames;
  } catch (error) {
    frames.close();
    throw error;
  }
}

/** Frames of a video file, for `Segmenter.track`. */
export class VideoFrames implements FrameSource {
  readonly #program: string;
  readonly #file: string;
  readonly #count: number | undefined;
  #decoding: Decoding | undefined;
  /** The frame that was read last, which is what is asked for again most. */
  #last: { readonly frame: number; readonly image: PixelImage } | undefined;
  #reading: Promise<unknown> = Promise.resolve();

  /** @internal Use `ffmpegFrames`. */
  constructor(program: string, file: string, count: number | undefined) {
    this.#program = program;
    this.#file = file;
    this.#count = count;
  }

  /** As the file says; undefined where it does not, or `ffprobe` is not beside `ffmpeg`. */
  get count(): number | undefined {
    return this.#count;
  }

  /** @throws FfmpegError */
  read(frame: number, signal?: AbortSignal): Promise<PixelImage | undefined> {
    const result = this.#reading.then(() => this.#read(frame, signal));
    this.#reading = result.catch(() => undefined);
    return result;
  }

  /** Ends FFmpeg. */
  close(): void {
    this.#decoding?.close();
    this.#decoding = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #read(frame: number, signal: AbortSignal | undefined): Promise<PixelImage | undefined> {
    if (this.#last?.frame === frame) {
      return this.#last.image;
    }
    if (this.#decoding === undefined || frame < this.#decoding.next) {
      this.close();
      this.#decoding = new Decoding(this.#program, this.#file, frame);
    }
    const decoding = this.#decoding;
    for (;;) {
      signal?.throwIfAborted();
      const at = decoding.next;
      const image = await decoding.read();
      if (image === undefined || at === frame) {
        this.#last = image === undefined ? this.#last : { frame, image };
        return image;
      }
    }
  }
}

/** Without decoding: the packets of the file, each of which is a frame. */
function countFrames(ffmpeg: string, file: string): Promise<number | undefined> {
  const program = join(dirname(ffmpeg), basename(ffmpeg).replace('ffmpeg', 'ffprobe'));
  const wanted = ['-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0'];
  const from = ['-v', 'error', '-select_streams', 'v:0', file];
  return new Promise((resolve) => {
    execFile(program, [...wanted, ...from], (error, output) => {
      const count = Number.parseInt(output, 10);
      resolve(error === null && count > 0 ? count : undefined);
    });
  });
}
