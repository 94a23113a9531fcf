/** Runs tasks one after another, in the order in which they came. */
export class TaskQueue {
  private last: Promise<unknown> = Promise.resolve();

  /** Rejects with the signal's reason as soon as it aborts; a task that has begun runs to its end. */
  async add<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const result = this.last.then(async () => {
      signal?.throwIfAborted();
      return task();
    });
    this.last = result.catch(() => undefined);
    return signal === undefined ? result : orAborted(result, signal);
  }
}

async function orAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    // The reason may be anything; it is passed on as it is.
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true, signal: settled.signal });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    settled.abort();
  }
}
