/** What a promise gives, unless a signal comes before; the promise is then left to itself. */
export async function whileWanted<Result>(
  promise: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  signal?.throwIfAborted();
  if (signal === undefined) return promise;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop!);
  }
}

/** Waits for one of some events of an element, and tells which it was. */
export function eventOf<Name extends string>(
  target: EventTarget,
  names: readonly Name[],
  signal?: AbortSignal,
): Promise<Name> {
  const heard = new AbortController();
  const event = new Promise<Name>((resolve) => {
    for (const name of names) {
      target.addEventListener(name, () => resolve(name), { signal: heard.signal });
    }
  });
  return whileWanted(event, signal).finally(() => heard.abort());
}
