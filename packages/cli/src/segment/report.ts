import { paintFor, type Paint } from '../terminal/paint.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';
import { countText, durationText, shareText } from '../terminal/words.ts';
import type { MaskResult, PictureFailure, PictureResult } from './picture-result.ts';

/**
 * Tells the user about each picture: results on stdout, for people or as JSON lines; failures, the
 * progress and the sum on stderr.
 */
export class Report<Result extends object> {
  readonly #json: boolean;
  readonly #total: number;
  readonly #describe: (result: Result, paint: Paint) => string;
  readonly #bar: ProgressBar;
  readonly #paint: Paint = paintFor(process.stdout);
  readonly #start: number = performance.now();
  #done = 0;
  #failures = 0;

  /**
   * @param total - number of pictures
   * @param describe - a result for people, in lines
   */
  constructor(total: number, json: boolean, describe: (result: Result, paint: Paint) => string) {
    this.#json = json;
    this.#total = total;
    this.#describe = describe;
    this.#bar = new ProgressBar(process.stderr, total);
  }

  get failures(): number {
    return this.#failures;
  }

  /** How far the picture is that is being worked on, 0 to 1, and in words. */
  within(share: number, note: string): void {
    this.#bar.within(share, note);
  }

  add(outcome: Result | PictureFailure): void {
    this.#bar.clear();
    this.#done += 1;
    const isFailure = 'error' in outcome;
    if (isFailure) {
      this.#failures += 1;
      const { file, error } = outcome;
      const name = paintFor(process.stderr)('red', 'failed');
      const text = error.message.startsWith(`${file} `)
        ? error.message
        : `${file}: ${error.message}`;
      process.stderr.write(`${name} ${text}\n`);
    }
    if (this.#json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
    else if (!isFailure) process.stdout.write(this.#describe(outcome, this.#paint));
    this.#bar.advance();
  }

  /** Takes the progress off the screen. */
  close(): void {
    this.#bar.clear();
  }

  /** The last line, where there was more than one picture. */
  sum(): void {
    if (this.#total === 1) return;
    const done = countText(this.#done - this.#failures, 'picture');
    const failed = this.#failures === 0 ? '' : `, ${this.#failures} failed`;
    const time = durationText(performance.now() - this.#start);
    process.stderr.write(`${done} segmented${failed}, in ${time}\n`);
  }
}

/** The masks of a picture for people, one on a line. */
export function describePicture(result: PictureResult, paint: Paint): string {
  return result.masks.map((mask) => `${describeMask(result, mask, paint)}\n`).join('');
}

function describeMask(result: PictureResult, mask: MaskResult, paint: Paint): string {
  const name = [result.file, ...maskNames(result, mask)].join(', ');
  const quality = `score ${mask.score.toFixed(2)}, ${shareText(mask.area, result)} of the picture`;
  const files = Object.values(mask.files).map((path) => paint('cyan', path));
  return `${paint('bold', name)}: ${quality} -> ${files.join(', ')}`;
}

/** What tells a mask from the others of its picture. */
function maskNames({ masks }: PictureResult, { object, alternative }: MaskResult): string[] {
  const names: string[] = [];
  if (masks.some((other) => other.object !== object)) names.push(`object ${object}`);
  if (masks.some((other) => other.alternative > 1)) names.push(`alternative ${alternative}`);
  return names;
}
