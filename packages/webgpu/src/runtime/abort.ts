/**
 * The promise's result, or the signal's reason as soon as it aborts.
 *
 * @param drop - called with a result that comes after that
 */
export async function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  drop: (late: T) => void,
): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => {
      promise.then(drop, () => undefined);
      // The reason may be anything; it is passed on as it is.
      reject(signal.reason as Error);
    };
    if (signal.aborted) {
      abort();
    } else {
      signal.addEventListener('abort', abort, { once: true, signal: settled.signal });
    }
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    settled.abort();
  }
}
