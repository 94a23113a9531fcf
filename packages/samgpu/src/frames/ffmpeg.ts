import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

import { missingFfmpeg, type VideoError } from './video-error.ts';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Lines of complaints that an error repeats. */
const REPEATED = 3;
const COMPLAINT = /\[(?:error|fatal|panic)\] (.*)/;

/** FFmpeg, or a program of its kind, at work. */
export class Ffmpeg {
  readonly stdout: Readable;
  readonly #child: Child;
  readonly #ending: Promise<number | null>;
  readonly #complaints: string[] = [];
  #isKilled = false;

  /**
   * @param onLine - told each line that it logs
   * @throws VideoError `missing-decoder`, from {@link ended} on, where there is no such program
   */
  constructor(program: string, args: readonly string[], onLine?: (line: string) => void) {
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    this.stdout = this.#child.stdout;
    this.#ending = once(this.#child, 'close').then(
      ([code]) => code as number | null,
      (cause: unknown) => {
        throw missingFfmpeg({ cause });
      },
    );
    // Whoever waits for the end is told; nobody has to.
    this.#ending.catch(() => undefined);
    readLines(this.#child.stderr, (line) => {
      const [, complaint] = COMPLAINT.exec(line) ?? [];
      if (complaint !== undefined) {
        this.#complaints.push(complaint);
        this.#complaints.splice(0, this.#complaints.length - REPEATED);
      }
      onLine?.(line);
    });
    this.rest();
  }

  /** Waits for its end. @throws VideoError with what it complained of, where it failed */
  async ended(describe: (complaints: string) => VideoError): Promise<void> {
    this.work();
    const code = await this.#ending;
    if (code !== 0 && !this.#isKilled) {
      throw describe(this.#complaints.join('; ') || `it ended with ${code}`);
    }
  }

  /** Keeps this process alive as long as something is waited for. */
  work(): void {
    this.#hold('ref');
  }

  /** A decoder that waits to be read must not keep anybody's program from ending. */
  rest(): void {
    this.#hold('unref');
  }

  kill(): void {
    this.#isKilled = true;
    this.#child.kill('SIGKILL');
    this.stdout.destroy();
  }

  #hold(how: 'ref' | 'unref'): void {
    this.#child[how]();
    for (const pipe of [this.#child.stdout, this.#child.stderr]) {
      if (!pipe.destroyed) (pipe as Socket)[how]();
    }
  }
}

/** All that a program writes, for those that write little. */
export async function outputOf(
  program: string,
  args: readonly string[],
  describe: (complaints: string) => VideoError,
  signal?: AbortSignal,
): Promise<string> {
  signal?.throwIfAborted();
  const ffmpeg = new Ffmpeg(program, args);
  const stop = (): void => ffmpeg.kill();
  signal?.addEventListener('abort', stop);
  try {
    let text = '';
    ffmpeg.work();
    ffmpeg.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    await ffmpeg.ended(describe);
    signal?.throwIfAborted();
    return text;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop()!;
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => onLine(rest));
}
