const WIDTH = 24;

/** A bar on a terminal; nothing where the stream is none. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #total: number | undefined;
  readonly #start: number = performance.now();
  #done = 0;
  /** How far the next one is, 0 to 1. */
  #part = 0;
  #note = '';

  /** @param total - undefined where nobody knows */
  constructor(stream: NodeJS.WriteStream, total: number | undefined) {
    this.#stream = stream;
    this.#total = total;
    this.#draw();
  }

  /** One more is done. */
  advance(): void {
    this.#done += 1;
    this.#part = 0;
    this.#note = '';
    this.#draw();
  }

  /** How far the next one is, 0 to 1, and in words. */
  within(part: number, note: string): void {
    this.#part = part;
    this.#note = note;
    this.#draw();
  }

  /** Takes the bar away, so that a line can be written. The next step draws it again. */
  clear(): void {
    if (this.#isShown) this.#stream.write('\r\u{1b}[K');
  }

  // One picture is over before anyone could read a bar, unless it says how far it is.
  get #isShown(): boolean {
    return this.#stream.isTTY && (this.#total !== 1 || this.#note !== '');
  }

  #draw(): void {
    if (!this.#isShown) return;
    if (this.#total === undefined) {
      this.#stream.write(
        `\r\u{1b}[K${[`${this.#done} done`, this.#note].filter(Boolean).join(', ')}`,
      );
      return;
    }
    const share = Math.min(1, (this.#done + this.#part) / this.#total);
    const filled = Math.round(share * WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    const count = this.#total > 1 ? [`${this.#done}/${this.#total}`] : [];
    const note = this.#note === '' ? [] : [this.#note];
    const text = [...count, ...note, ...this.#rest(share)].join(', ');
    this.#stream.write(`\r\u{1b}[K${bar} ${text}`);
  }

  #rest(share: number): string[] {
    if (share === 0 || share >= 1) return [];
    const elapsed = (performance.now() - this.#start) / 1000;
    const rest = Math.ceil((elapsed / share) * (1 - share));
    return [rest < 60 ? `${rest} s left` : `${Math.ceil(rest / 60)} min left`];
  }
}
