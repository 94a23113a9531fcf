/** How long a burst of changes may last until what came of it is said, in milliseconds. */
const PAUSE = 350;

/** Tells screen readers what happened, without talking over itself. */
export class Announcer {
  readonly #region: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param region - with `aria-live` */
  constructor(region: HTMLElement) {
    this.#region = region;
  }

  /** Says something at once. */
  say(text: string): void {
    clearTimeout(this.#timer);
    // A text that is said twice has to change, or it is not said again.
    this.#region.textContent = this.#region.textContent === text ? `${text}\u00a0` : text;
  }

  /** Says something unless something else is said soon. */
  saySoon(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.say(text), PAUSE);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#region.textContent = '';
  }
}
