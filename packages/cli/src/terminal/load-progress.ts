import type { Progress } from 'samgpu';

import { bytesText } from './words.ts';

const WIDTH = 24;
/** Between two drawings, in milliseconds. */
const PAUSE = 100;
/** Files from this size on are hashed long enough for a user to wonder. */
const LONG_CHECK = 100e6;

/**
 * Shows how the weights of a model arrive: a bar on a terminal, else a line when a download begins and
 * one when it has ended.
 */
export class LoadProgress {
  readonly #stream: NodeJS.WriteStream;
  readonly #model: string;
  #drawn = 0;
  #isShown = false;
  #hasFailed = false;
  /** Set while bytes arrive. */
  #download: { readonly start: number; readonly loaded: number } | undefined;

  constructor(stream: NodeJS.WriteStream, model: string) {
    this.#stream = stream;
    this.#model = model;
  }

  readonly update = (progress: Progress): void => {
    if (progress.stage !== 'weights') {
      this.close();
      return;
    }
    switch (progress.phase) {
      case 'downloading':
        this.#downloading(progress);
        break;
      case 'checking':
        if ((progress.total ?? 0) >= LONG_CHECK) this.#draw(`checking ${this.#model}`, progress);
        break;
      case 'retrying':
        this.#retrying(progress);
        break;
      case 'waiting':
        this.#draw(`${this.#model} is being downloaded by another process; waiting`, progress);
        break;
      default:
        this.#finish(progress);
    }
  };

  /** Takes the bar off the screen. */
  close(): void {
    if (this.#isShown) this.#stream.write('\r\u{1b}[K');
    this.#isShown = false;
  }

  warn(message: string): void {
    this.close();
    this.#stream.write(`${message}\n`);
  }

  #downloading(progress: Progress): void {
    const { loaded, total, resumed = 0 } = progress;
    if (this.#download === undefined) {
      this.#download = { start: performance.now(), loaded };
      if (!this.#stream.isTTY) {
        const size = total === undefined ? '' : `, ${bytesText(total)}`;
        const rest = resumed === 0 ? '' : `, going on after ${bytesText(resumed)}`;
        this.#stream.write(`downloading ${this.#model}${size}${rest}\n`);
      }
    }
    const seconds = (performance.now() - this.#download.start) / 1000;
    const rate = seconds < 1 ? 0 : (loaded - this.#download.loaded) / seconds;
    const speed = rate > 0 ? `, ${bytesText(rate)}/s${restText(loaded, total, rate)}` : '';
    if (total === undefined) {
      this.#draw(`downloading ${this.#model}: ${bytesText(loaded)}${speed}`, progress);
      return;
    }
    const filled = Math.min(WIDTH, Math.floor((loaded / total) * WIDTH));
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    this.#draw(
      `downloading ${this.#model} ${bar} ${bytesText(loaded)} of ${bytesText(total)}${speed}`,
      progress,
    );
  }

  #retrying(progress: Progress): void {
    const text = `${this.#model}: ${progress.reason ?? 'the download failed'}; trying again`;
    if (!this.#stream.isTTY && !this.#hasFailed) this.#stream.write(`${text}\n`);
    this.#hasFailed = true;
    this.#drawn = 0;
    this.#draw(text, progress);
  }

  #finish({ total }: Progress): void {
    this.close();
    if (this.#download !== undefined) {
      const size = total === undefined ? '' : `, ${bytesText(total)}`;
      this.#stream.write(`downloaded ${this.#model}${size}\n`);
      this.#download = undefined;
    }
  }

  #draw(line: string, { loaded, total }: Progress): void {
    const now = performance.now();
    const isDue = now - this.#drawn >= PAUSE || loaded === total;
    if (!this.#stream.isTTY || !isDue) return;
    this.#drawn = now;
    this.#isShown = true;
    this.#stream.write(`\r\u{1b}[K${line}`);
  }
}

function restText(loaded: number, total: number | undefined, rate: number): string {
  if (total === undefined || loaded >= total) return '';
  const seconds = Math.ceil((total - loaded) / rate);
  return seconds < 60 ? `, ${seconds} s left` : `, ${Math.ceil(seconds / 60)} min left`;
}
