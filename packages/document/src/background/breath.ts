/** Milliseconds that work may hold up a page. */
const EVERY = 16;

/** Lets the page go on now and then, during work on a whole picture. */
export class Breath {
  #last = performance.now();

  /** Returns at once unless it is time. @throws what `signal` was aborted with */
  async ifDue(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (performance.now() - this.#last <= EVERY) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#last = performance.now();
  }
}
