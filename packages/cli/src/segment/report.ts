import { paintFor, type Paint } from '../terminal/paint.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';
import { countText, durationText, shareText } from '../terminal/words.ts';
import {
  isFailure,
  type MaskResult,
  type PictureOutcome,
  type PictureResult,
} from './picture-result.ts';

/**
 * Tells the user about each picture: results on stdout, for people or as JSON lines; failures, the
 * progress and the sum on stderr.
 */
export class Report {
  readonly #json: boolean;
  readonly #total: number;
  readonly #bar: ProgressBar;
  readonly #paint: Paint = paintFor(process.stdout);
  readonly #start: number = performance.now();
  #failures = 0;

  constructor(total: number, json: boolean) {
    this.#json = json;
    this.#total = total;
    this.#bar = new ProgressBar(process.stderr, total);
  }

  get failures(): number {
    return this.#failures;
  }

  add(outcome: PictureOutcome): void {
    this.#bar.clear();
    if (isFailure(outcome)) {
      this.#failures += 1;
      const { file, error } = outcome;
      const name = paintFor(process.stderr)('red', 'failed');
      const text = error.message.startsWith(`${file} `)
        ? error.message
        : `${file}: ${error.message}`;
      process.stderr.write(`${name} ${text}\n`);
    }
    if (this.#json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
    else if (!isFailure(outcome)) process.stdout.write(this.#describe(outcome));
    this.#bar.advance();
  }

  /** Takes the progress off the screen. */
  close(): void {
    this.#bar.clear();
  }

  /** The last line, where there was more than one picture. */
  sum(): void {
    if (this.#total === 1) return;
    const done = countText(this.#total - this.#failures, 'picture');
    const failed = this.#failures === 0 ? '' : `, ${this.#failures} failed`;
    const time = durationText(performance.now() - this.#start);
    process.stderr.write(`${done} segmented${failed}, in ${time}\n`);
  }

  #describe(result: PictureResult): string {
    return result.masks.map((mask) => `${this.#describeMask(result, mask)}\n`).join('');
  }

  #describeMask(result: PictureResult, mask: MaskResult): string {
    const name = [result.file, ...maskNames(result, mask)].join(', ');
    const quality = `score ${mask.score.toFixed(2)}, ${shareText(mask.area, result)} of the picture`;
    const files = Object.values(mask.files).map((path) => this.#paint('cyan', path));
    return `${this.#paint('bold', name)}: ${quality} -> ${files.join(', ')}`;
  }
}

/** What tells a mask from the others of its picture. */
function maskNames({ masks }: PictureResult, { object, alternative }: MaskResult): string[] {
  const names: string[] = [];
  if (masks.some((other) => other.object !== object)) names.push(`object ${object}`);
  if (masks.some((other) => other.alternative > 1)) names.push(`alternative ${alternative}`);
  return names;
}
