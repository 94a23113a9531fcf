const WIDTH = 24;

/** A bar on a terminal; nothing where the stream is none. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #total: number;
  readonly #start: number = performance.now();
  #done = 0;

  constructor(stream: NodeJS.WriteStream, total: number) {
    this.#stream = stream;
    this.#total = total;
    this.#draw();
  }

  /** One more is done. */
  advance(): void {
    this.#done += 1;
    this.#draw();
  }

  /** Takes the bar away, so that a line can be written. The next step draws it again. */
  clear(): void {
    if (this.#isShown) this.#stream.write('\r\u{1b}[K');
  }

  // One picture is over before anyone could read a bar.
  get #isShown(): boolean {
    return this.#stream.isTTY && this.#total > 1;
  }

  #draw(): void {
    if (!this.#isShown) return;
    const filled = Math.round((this.#done / this.#total) * WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    this.#stream.write(`\r\u{1b}[K${bar} ${this.#done}/${this.#total}${this.#rest()}`);
  }

  #rest(): string {
    if (this.#done === 0 || this.#done === this.#total) return '';
    const elapsed = (performance.now() - this.#start) / 1000;
    const rest = Math.ceil((elapsed / this.#done) * (this.#total - this.#done));
    return rest < 60 ? `, ${rest} s left` : `, ${Math.ceil(rest / 60)} min left`;
  }
}
