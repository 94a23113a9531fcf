import { join } from 'node:path';

import { errorDetails } from '../error-details.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { paintFor } from '../terminal/paint.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';
import { countText, durationText } from '../terminal/words.ts';
import type { TrackedFrameResult } from './frame-record.ts';
import type { TrackRequest } from './track-request.ts';

const GO_ON = 'run the same command to go on from there';

/** Tells the user how a video goes: frames or a sum on stdout, everything else on stderr. */
export class TrackReport {
  readonly #request: TrackRequest;
  readonly #start: number = performance.now();
  #bar: ProgressBar;

  /**
   * @param total - frames of the whole video, if that is known
   * @param before - those that an earlier run has found
   */
  constructor(request: TrackRequest, total: number | undefined, before: number) {
    this.#request = request;
    if (before > 0) {
      process.stderr.write(`going on after ${countText(before, 'frame')} of an earlier run\n`);
    }
    const left = total === undefined ? undefined : Math.max(1, total - before);
    this.#bar = new ProgressBar(process.stderr, left);
  }

  add(result: TrackedFrameResult): void {
    if (this.#request.json) {
      this.#bar.clear();
      process.stdout.write(`${JSON.stringify(result)}\n`);
    }
    this.#bar.advance();
  }

  /** Something is made of all frames together. */
  writing(name: string, frames: number): void {
    this.#bar.clear();
    if (process.stderr.isTTY) process.stderr.write(`writing ${name}\n`);
    this.#bar = new ProgressBar(process.stderr, frames);
  }

  advance(): void {
    this.#bar.advance();
  }

  /** Takes the progress off the screen. */
  close(): void {
    this.#bar.clear();
  }

  sum(frames: number, files: readonly string[]): void {
    this.#bar.clear();
    if (this.#request.json) return;
    const { input, prompts, formats, output, stem, video } = this.#request;
    const ofFrames = formats.filter(
      (format) =>
        format === 'masks' || format === 'indexed' || (format === 'overlay' && video === undefined),
    );
    const folders = ofFrames.map((format) => join(output, `${stem}.${format}`));
    const objects = new Set(prompts.map(({ object }) => object)).size;
    const paint = paintFor(process.stdout);
    const places = [...folders, ...files].map((path) => paint('cyan', path)).join(', ');
    const time = durationText(performance.now() - this.#start);
    process.stdout.write(
      `${paint('bold', input)}: ${countText(objects, 'object')} on ${countText(frames, 'frame')}, ` +
        `in ${time} -> ${places}\n`,
    );
  }

  interrupted(frames: number): ExitCode {
    const found = frames === 0 ? '' : ` after ${countText(frames, 'frame')}; ${GO_ON}`;
    process.stderr.write(`interrupted${found}\n`);
    return exitCodes.interrupted;
  }

  failed(error: unknown): ExitCode {
    const label = paintFor(process.stderr)('red', 'failed');
    const { message } = errorDetails(error);
    process.stderr.write(
      `${label} ${this.#request.input}: ${message}\nWhat was found is kept; ${GO_ON}.\n`,
    );
    return exitCodes.failure;
  }
}
