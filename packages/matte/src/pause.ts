/** How long a page may be kept busy before it can react to its user, in milliseconds. */
const BUSY = 24;

/** Lets other work through now and then while something is computed. */
export class Pause {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  /** @throws the signal's reason, if it is aborted already */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    signal?.throwIfAborted();
  }

  /** @throws the signal's reason, if it is aborted */
  throwIfAborted(): void {
    this.#signal?.throwIfAborted();
  }

  /** @throws the signal's reason, once it is aborted */
  async maybe(): Promise<void> {
    if (performance.now() - this.#since < BUSY) return;
    await nextTask();
    this.#since = performance.now();
    this.#signal?.throwIfAborted();
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    // Timers of pages wait four milliseconds, messages do not; Node's timers wait one.
    if (typeof MessageChannel === 'undefined') {
      setTimeout(resolve, 0);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
