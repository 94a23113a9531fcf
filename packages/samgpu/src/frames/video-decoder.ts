import { Ffmpeg, outputOf } from './ffmpeg.ts';
import { PpmReader } from './ppm-reader.ts';
import type { DecoderRun, DecoderStart, TimedFrame } from './seekable-frames.ts';
import { VideoError } from './video-error.ts';

/** How one version of FFmpeg is told to give each frame once. */
export type EachFrameOnce = readonly [option: string, value: string];

/** @throws VideoError `missing-decoder` */
export async function findFfmpeg(signal?: AbortSignal): Promise<EachFrameOnce> {
  const text = await outputOf(
    'ffmpeg',
    ['-version'],
    (complaints) =>
      new VideoError('missing-decoder', `The program ffmpeg does not run: ${complaints}.`),
    signal,
  );
  const [, major, minor] = /^ffmpeg version n?(\d+)\.(\d+)/.exec(text) ?? [];
  // Builds without a number are newer ones.
  const isOld = major !== undefined && Number(major) + Number(minor) / 100 < 5.01;
  return [isOld ? '-vsync' : '-fps_mode', 'passthrough'];
}

/** A file for FFmpeg, whatever its name looks like; what it refers to is not fetched from a network. */
export function inputFile(path: string): string[] {
  return ['-protocol_whitelist', 'file,crypto,data', '-i', `file:${path}`];
}

// Pixels that are not square are enlarged along their short side, as browsers do it. The flags make colours
// the same on every processor.
const FILTERS: readonly string[] = [
  "scale=w='if(gt(sar,1),round(iw*sar),iw)'" +
    ":h='if(gt(sar,0)*lt(sar,1),round(ih/sar),ih)'" +
    ':flags=bicubic+accurate_rnd+full_chroma_int',
  'setsar=1',
  'format=rgb24',
  'showinfo',
];

/** How FFmpeg turns a file to frames, up to what is done with them. */
export function decodingArguments(
  path: string,
  once: EachFrameOnce,
  { time = 0, skip }: DecoderStart,
): string[] {
  return [
    '-hide_banner',
    '-nostdin',
    '-nostats',
    '-loglevel',
    'level+info',
    ...(time > 0 ? ['-ss', time.toFixed(6)] : []),
    ...inputFile(path),
    '-map',
    '0:V:0',
    '-vf',
    [...(skip > 0 ? [`select=gte(n\\,${skip})`] : []), ...FILTERS].join(','),
    ...once,
  ];
}

const SHOWN = /\] n: *\d+ pts: *\S+ pts_time: *(\S+)/;

/** When a frame is shown, of a line about it; undefined for any other line. */
export function shownAt(line: string): number | undefined {
  const [, time] = SHOWN.exec(line) ?? [];
  return time === undefined ? undefined : Number(time); // NaN for a frame without a time
}

/** Frames of a video file as FFmpeg decodes them; it waits where nobody reads. */
export class FfmpegRun implements DecoderRun {
  readonly #path: string;
  readonly #ffmpeg: Ffmpeg;
  readonly #pictures: PpmReader;
  readonly #start: number;
  /** Of frames that were not read yet. FFmpeg writes of each before it writes the frame. */
  readonly #times: number[] = [];
  #onTime: (() => void) | undefined;

  constructor(path: string, once: EachFrameOnce, start: DecoderStart) {
    this.#path = path;
    this.#start = Math.max(start.time ?? 0, 0);
    const args = [
      ...decodingArguments(path, once, start),
      '-c:v',
      'ppm',
      '-f',
      'image2pipe',
      'pipe:1',
    ];
    this.#ffmpeg = new Ffmpeg('ffmpeg', args, (line) => {
      const time = shownAt(line);
      if (time === undefined) return;
      this.#times.push(this.#start + time);
      this.#onTime?.();
    });
    this.#pictures = new PpmReader(this.#ffmpeg.stdout);
  }

  async next(signal: AbortSignal | undefined): Promise<TimedFrame | undefined> {
    const stop = (): void => this.#ffmpeg.kill();
    signal?.addEventListener('abort', stop);
    this.#ffmpeg.work();
    try {
      const image = await this.#picture(signal);
      if (image === undefined) {
        await this.#ffmpeg.ended((complaints) => undecodable(this.#path, complaints));
        return undefined;
      }
      const time = await this.#time();
      return { image, time: Number.isFinite(time) ? time : undefined };
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#ffmpeg.rest();
    }
  }

  close(): void {
    this.#ffmpeg.kill();
  }

  async #picture(signal: AbortSignal | undefined): ReturnType<PpmReader['next']> {
    try {
      const image = await this.#pictures.next();
      signal?.throwIfAborted();
      return image;
    } catch (cause) {
      signal?.throwIfAborted();
      throw undecodable(this.#path, String(cause), { cause });
    }
  }

  /** The line may come through its pipe later than the frame through the other. */
  async #time(): Promise<number | undefined> {
    if (this.#times.length === 0) {
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#onTime = resolve;
        }),
        this.#ffmpeg.ended((complaints) => undecodable(this.#path, complaints)),
      ]);
      this.#onTime = undefined;
    }
    return this.#times.shift();
  }
}

export function undecodable(path: string, why: string, options?: ErrorOptions): VideoError {
  return new VideoError(
    'undecodable',
    `FFmpeg cannot decode ${path}: ${why}. It is no video, damaged, or of a kind that this FFmpeg does ` +
      'not read; convert it, for example to MP4 with H.264.',
    options,
  );
}
