import { abortable } from '../cache/exclusive.ts';
import { WeightsError } from '../weights-error.ts';

export interface RetryOptions {
  /**
   * How often to try again after a failure that brought nothing. Default 5; where no attempt was
   * answered at all, 2 at most: that server will hardly be there in a moment.
   */
  readonly limit?: number;
  /** Before the first retry, in milliseconds; doubles each time, up to 30 s, and varies by chance. Default 500. */
  readonly delay?: number;
  /** How long a connection may stay silent before it counts as broken, in milliseconds. Default 60000. */
  readonly stallTimeout?: number;
}

const defaults = { limit: 5, delay: 500, stallTimeout: 60_000 } as const;

const longestDelay = 30_000;
/** Of retries where nobody answers: no network, no such host, or a page that may not ask there. */
const unansweredLimit = 2;
/** Who is asked to wait longer should decide whether to. */
const longestRetryAfter = 300_000;

export interface Failure {
  readonly reason: string;
  /** In milliseconds, if the server says so. */
  readonly retryAfter?: number | undefined;
  /** Nothing has ever come from that server. */
  readonly isUnanswered?: boolean;
  readonly cause?: unknown;
}

/** Counts failures in a row and waits between them. */
export class Retries {
  readonly stallTimeout: number;
  readonly #limit: number;
  readonly #delay: number;
  #failures = 0;

  constructor(options: RetryOptions = {}) {
    this.stallTimeout = options.stallTimeout ?? defaults.stallTimeout;
    this.#limit = options.limit ?? defaults.limit;
    this.#delay = options.delay ?? defaults.delay;
  }

  /** An attempt brought something. */
  reset(): void {
    this.#failures = 0;
  }

  /**
   * Waits before the next attempt.
   *
   * @param keptBytes - what has arrived so far
   * @param onPause - called where there will be another attempt
   * @throws WeightsError with code `fetch-failed` if there should be none; the signal's reason if that is aborted
   */
  async pauseAfter(
    { reason, retryAfter = 0, isUnanswered = false, cause }: Failure,
    keptBytes: number,
    signal: AbortSignal | undefined,
    onPause?: () => void,
  ): Promise<void> {
    this.#failures++;
    const limit = isUnanswered ? Math.min(this.#limit, unansweredLimit) : this.#limit;
    if (this.#failures > limit || retryAfter > longestRetryAfter) {
      const asked = retryAfter > 0 ? ` and asked to wait ${Math.ceil(retryAfter / 1000)} s` : '';
      const kept = keptBytes > 0 ? `; ${keptBytes} bytes have arrived and may be resumed` : '';
      throw new WeightsError(
        'fetch-failed',
        `the download failed, attempt ${this.#failures} with: ${reason}${asked}${kept}. Check the address and the ` +
          'connection, and in a browser that the server allows this origin (CORS), and try again',
        { cause },
      );
    }
    onPause?.();
    await pause(Math.max(retryAfter, backoff(this.#failures, this.#delay)), signal);
  }
}

/** @param failures - so far, from 1 on. @returns milliseconds */
function backoff(failures: number, delay: number): number {
  const whole = Math.min(longestDelay, delay * 2 ** (failures - 1));
  // So that clients that failed together do not come back together.
  return whole * (0.75 + 0.25 * Math.random());
}

/** @returns milliseconds from now; undefined for text that is neither seconds nor an HTTP date */
export function parseRetryAfter(text: string | null, now: number = Date.now()): number | undefined {
  if (text === null) {
    return undefined;
  }
  if (/^\d{1,9}$/.test(text.trim())) {
    return 1000 * Number(text);
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** @throws the signal's reason if it is aborted meanwhile */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await abortable(elapsed, signal);
  } finally {
    clearTimeout(timer);
  }
}
