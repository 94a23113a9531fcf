/** How long a burst of changes may last until what came of it is said, in milliseconds. */
const PAUSE = 350;

/** What something that is said is about: newer words about the same take the place of older ones. */
export type Topic = 'picture' | 'prompt' | 'mask' | 'object' | 'cursor' | 'view' | 'choice';

/** Tells screen readers what happened, without talking over itself. */
export class Announcer {
  readonly #region: HTMLElement;
  readonly #waiting = new Map<Topic, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param region - with `aria-live` */
  constructor(region: HTMLElement) {
    this.#region = region;
  }

  /** Says something when nothing more has come for a moment, after what else waits to be said. */
  say(topic: Topic, text: string): void {
    this.#waiting.delete(topic);
    this.#waiting.set(topic, text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#speak(), PAUSE);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#region.textContent = '';
  }

  #speak(): void {
    const text = [...this.#waiting.values()].join(' ');
    this.#waiting.clear();
    // A text that is said twice has to change, or it is not said again.
    this.#region.textContent = this.#region.textContent === text ? `${text}\u00a0` : text;
  }
}
