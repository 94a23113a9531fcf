import { asSessionError, type SessionError } from '../session-error.ts';
import { type Deferred, deferred } from '../setup/deferred.ts';

/**
 * Keeps actions in the order in which a person does them: what is done while an exclusive one takes its
 * time comes after it.
 */
export class ActionQueue {
  readonly #failed: (error: SessionError) => void;
  readonly #changed: () => void;
  #waiting: (() => void)[] = [];
  #idle: (() => void)[] = [];
  #cancellation: Deferred | null = null;
  busy = false;

  constructor(failed: (error: SessionError) => void, changed: () => void) {
    this.#failed = failed;
    this.#changed = changed;
  }

  /** Does it now, or after what is under way: then what it throws is reported. */
  run(action: () => void): void {
    if (!this.busy) {
      action();
      return;
    }
    this.#waiting.push(() => {
      try {
        action();
      } catch (error) {
        this.#failed(asSessionError(error));
      }
    });
  }

  /** Does something that takes time, by itself. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy) {
      return new Promise((resolve, reject) => {
        this.#waiting.push(() => {
          this.exclusive(work).then(resolve, reject);
        });
      });
    }
    this.busy = true;
    this.#changed();
    return this.#finish(work);
  }

  /** Waits for something during an exclusive action, unless that is cancelled. */
  async unlessCancelled(promise: Promise<void>): Promise<void> {
    const cancellation = (this.#cancellation = deferred());
    try {
      await Promise.race([promise, cancellation.promise]);
    } finally {
      this.#cancellation = null;
    }
  }

  /** @returns whether there was something that could be cancelled */
  cancel(reason: SessionError): boolean {
    const cancellation = this.#cancellation;
    cancellation?.reject(reason);
    return cancellation !== null;
  }

  /** Resolves when nothing is under way and nothing waits. */
  idle(): Promise<void> {
    return this.busy
      ? new Promise((resolve) => {
          this.#idle.push(resolve);
        })
      : Promise.resolve();
  }

  async #finish<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.busy = false;
      this.#drain();
      this.#changed();
    }
  }

  #drain(): void {
    // One of them may be exclusive itself, and the rest waits again.
    while (!this.busy && this.#waiting.length > 0) this.#waiting.shift()!();
    if (!this.busy) {
      const idle = this.#idle;
      this.#idle = [];
      idle.forEach((resolve) => resolve());
    }
  }
}
