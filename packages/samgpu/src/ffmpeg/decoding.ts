import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

import type { PixelImage } from '../image-source/pixel-image.ts';
import { FfmpegError } from './ffmpeg-error.ts';
import { readPixmaps } from './portable-pixmaps.ts';

/** Of what FFmpeg says, the end tells what is wrong. */
const KEPT_COMPLAINTS = 2000;

/** A run of FFmpeg that gives the frames of a video from one on, as fast as they are taken. */
export class Decoding {
  readonly #file: string;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #frames: AsyncGenerator<PixelImage, void, undefined>;
  readonly #ended: Promise<number | null>;
  #complaints = '';
  #next: number;

  /** @param from - number of the first frame */
  constructor(program: string, file: string, from: number) {
    this.#file = file;
    this.#next = from;
    const first = from === 0 ? [] : ['-vf', `select=gte(n\\,${from})`];
    const output = ['-fps_mode', 'passthrough', '-f', 'image2pipe', '-c:v', 'ppm', 'pipe:1'];
    const input = ['-nostdin', '-v', 'error', '-i', file, '-map', '0:v:0'];
    this.#child = spawn(program, [...input, ...first, ...output], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-KEPT_COMPLAINTS);
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on('close', resolve);
      this.#child.on('error', (cause) => reject(missing(program, cause)));
    });
    // Whoever asks for a frame is told; nobody else is.
    this.#ended.catch(() => undefined);
    this.#frames = readPixmaps(this.#child.stdout as AsyncIterable<Uint8Array>);
  }

  /** Number of the frame that `read` gives next. */
  get next(): number {
    return this.#next;
  }

  /** The next frame; undefined past the end. @throws FfmpegError */
  async read(): Promise<PixelImage | undefined> {
    let failure: unknown;
    try {
      const { done, value } = await this.#frames.next();
      if (done !== true) {
        this.#next++;
        return value;
      }
    } catch (error) {
      failure = error;
    }
    const code = await this.#ended;
    if (code === 0 && failure === undefined) {
      return undefined;
    }
    const last = this.#complaints.trim().split('\n').at(-1) ?? '';
    const reason = last === '' ? `FFmpeg ended with ${code}` : last;
    throw this.#next === 0
      ? new FfmpegError(
          'not-a-video',
          `${this.#file} is no video that FFmpeg can read: ${reason}`,
          {
            cause: failure,
          },
        )
      : new FfmpegError(
          'broken-video',
          `${this.#file} cannot be decoded from frame ${this.#next} on: ${reason}`,
          { cause: failure },
        );
  }

  /** Ends it. */
  close(): void {
    this.#child.kill();
    this.#child.stdout.destroy();
  }
}

function missing(program: string, cause: Error): FfmpegError {
  return new FfmpegError(
    'ffmpeg-missing',
    `cannot run ${program}: ${cause.message}. Videos are decoded by FFmpeg: install it (apt install ffmpeg, ` +
      'brew install ffmpeg, winget install ffmpeg), or say where it is: { ffmpeg: path }',
    { cause },
  );
}
