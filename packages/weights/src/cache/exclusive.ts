const tails = new Map<string, Promise<void>>();

/**
 * Runs actions of one name one after another, within this process or page.
 *
 * @param onWait - called if the action does not run at once
 * @throws the signal's reason if it is aborted before the action starts
 */
export async function runExclusive<T>(
  name: string,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onWait?: (() => void) | undefined;
  },
  action: () => Promise<T>,
): Promise<T> {
  const { signal, onWait } = options;
  signal?.throwIfAborted();
  const before = tails.get(name);
  let release = (): void => undefined;
  const own = new Promise<void>((resolve) => {
    release = resolve;
  });
  // Who gives up waiting must not let those behind it pass those before it.
  const tail = Promise.all([before, own]).then(() => undefined);
  tails.set(name, tail);
  try {
    if (before !== undefined) {
      onWait?.();
      await abortable(before, signal);
    }
    return await action();
  } finally {
    release();
    void tail.then(() => {
      if (tails.get(name) === tail) {
        tails.delete(name);
      }
    });
  }
}

/** Waits for a promise, but no longer than until the signal. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the caller chose the reason
      reject(signal.reason);
    };
    if (signal.aborted) {
      stop();
    }
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
