import { abortable } from '../cache/exclusive.ts';
import { describeFailure } from '../fetch-source.ts';
import { WeightsError } from '../weights-error.ts';

/** The connection could not be made, broke, or stayed silent for too long: another try may go better. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/**
 * The pieces of a body.
 *
 * @throws ConnectionError if the stream breaks, or after `stallTimeout` milliseconds without a piece; the signal's
 *   reason if that is aborted
 */
export async function* readBody(
  response: Response,
  stallTimeout: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const reader = response.body?.getReader();
  if (reader === undefined) {
    return;
  }
  try {
    for (;;) {
      const { done, value } = await connected(reader.read(), stallTimeout, signal);
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    // Frees the connection; of no effect at the end of the body.
    reader.cancel().catch(() => undefined);
  }
}

/** @throws ConnectionError if the promise is rejected, except with a WeightsError, or not settled in time */
export async function connected<T>(
  promise: Promise<T>,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConnectionError(`nothing arrived for ${milliseconds / 1000} s`)),
      milliseconds,
    );
  });
  try {
    return await abortable(Promise.race([promise, late]), signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ConnectionError || cause instanceof WeightsError) {
      throw cause;
    }
    throw new ConnectionError(describeFailure(cause), { cause });
  } finally {
    clearTimeout(timer);
  }
}
