import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';

import { missingFfmpeg, type RgbaImage } from 'samgpu';

import { OutputError } from '../outputs/output-error.ts';

/** FFmpeg's names of formats by the endings of files. */
const containers: Readonly<Record<string, string>> = {
  '.mp4': 'mp4',
  '.mov': 'mov',
  '.mkv': 'matroska',
  '.webm': 'webm',
};

/** @throws VideoError `missing-decoder` where there is no FFmpeg, before anything else is done */
export async function requireFfmpeg(): Promise<void> {
  try {
    await once(spawn('ffmpeg', ['-version'], { stdio: 'ignore' }), 'close');
  } catch (cause) {
    throw missingFfmpeg({ cause });
  }
}

/**
 * Writes pictures as a video, by FFmpeg with its usual encoder for the container.
 *
 * @param name - that ends as the container wants it
 * @throws VideoError `missing-decoder` where there is no FFmpeg
 * @throws OutputError `write-failed` where it fails
 */
export async function writeVideo(
  path: string,
  name: string,
  frameRate: number,
  pictures: AsyncIterable<RgbaImage>,
): Promise<void> {
  let encoder: Encoder | undefined;
  try {
    for await (const picture of pictures) {
      encoder ??= new Encoder(path, name, frameRate, picture);
      await encoder.write(picture);
    }
    await encoder?.end();
  } finally {
    encoder?.stop();
  }
}

class Encoder {
  readonly #child;
  readonly #name: string;
  readonly #ending: Promise<number | null>;
  #complaints = '';

  constructor(
    path: string,
    name: string,
    frameRate: number,
    size: { width: number; height: number },
  ) {
    this.#name = name;
    const input = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${size.width}x${size.height}`];
    // Encoders want even sides.
    const even = 'pad=ceil(iw/2)*2:ceil(ih/2)*2';
    const container = containers[extname(name).toLowerCase()]!;
    const fast = ['mp4', 'mov'].includes(container) ? ['-movflags', '+faststart'] : [];
    const output = ['-vf', even, '-pix_fmt', 'yuv420p', ...fast, '-f', container];
    const args = [
      '-v',
      'error',
      '-y',
      ...input,
      '-r',
      String(frameRate),
      '-i',
      'pipe:0',
      ...output,
    ];
    this.#child = spawn('ffmpeg', [...args, `file:${path}`], { stdio: ['pipe', 'ignore', 'pipe'] });
    this.#ending = once(this.#child, 'close').then(
      ([code]) => code as number | null,
      (cause: unknown) => {
        throw missingFfmpeg({ cause });
      },
    );
    this.#ending.catch(() => undefined);
    // What goes wrong while writing shows in how it ends.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-2000);
    });
  }

  async write({ data }: RgbaImage): Promise<void> {
    if (this.#child.stdin.write(data)) return;
    await Promise.race([once(this.#child.stdin, 'drain'), this.#ending]);
    // An encoder that has ended before the last picture has failed.
    if (this.#child.exitCode !== null) await this.#failed();
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    if ((await this.#ending) !== 0) await this.#failed();
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  async #failed(): Promise<never> {
    const reason = this.#complaints.trim().split('\n').at(-1) ?? '';
    throw new OutputError('write-failed', `FFmpeg cannot write ${this.#name}: ${reason}`);
  }
}
