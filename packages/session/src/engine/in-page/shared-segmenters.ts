import type { Variant } from '@samgpu/variant';
import { type Progress, Segmenter, type SegmenterOptions } from 'samgpu';

import type { TaskOptions } from '../engine.ts';
import type { ModelChoice } from '../model-description.ts';

/** A segmenter that several models and images may use. */
export interface SegmenterUse {
  readonly segmenter: Segmenter;
  readonly warnings: readonly string[];
  /** One more user of the same segmenter. */
  share(): SegmenterUse;
  /** The last one to release it disposes of it. */
  release(): void;
}

interface Entry {
  users: number;
  readonly loading: Promise<Segmenter>;
  readonly stop: AbortController;
  readonly listeners: Set<(progress: Progress) => void>;
  readonly warnings: string[];
}

/** Loads each model once, however many ask for it. */
export class SharedSegmenters {
  readonly #entries = new Map<string, Entry>();
  readonly #options: SegmenterOptions;

  constructor(options: SegmenterOptions) {
    this.#options = options;
  }

  async use(
    variant: Variant,
    { backend, weights }: ModelChoice,
    { signal, onProgress }: TaskOptions,
  ): Promise<SegmenterUse> {
    signal?.throwIfAborted();
    const chosen = backend ?? this.#options.backend ?? 'auto';
    // Whether two sets of the user's own weights are the same, nobody knows.
    const key = weights === undefined ? `${variant.name} ${chosen}` : undefined;
    const options: SegmenterOptions = {
      ...this.#options,
      backend: chosen,
      ...(weights !== undefined && { weights }),
    };
    const entry = (key && this.#entries.get(key)) || this.#load(key, variant, options);
    const listener = onProgress && ((progress: Progress): void => onProgress(progress));
    if (listener) entry.listeners.add(listener);
    entry.users += 1;
    try {
      const segmenter = await untilAborted(entry.loading, signal);
      return this.#useOf(key, entry, segmenter);
    } catch (error) {
      this.#leave(key, entry);
      throw error;
    } finally {
      if (listener) entry.listeners.delete(listener);
    }
  }

  #load(key: string | undefined, variant: Variant, options: SegmenterOptions): Entry {
    const stop = new AbortController();
    const listeners: Entry['listeners'] = new Set();
    const warnings: string[] = [];
    const loading = Segmenter.load(variant, {
      ...options,
      signal: stop.signal,
      onProgress: (progress) => listeners.forEach((listener) => listener(progress)),
      onWarning: (warning) => {
        warnings.push(warning.message);
        options.onWarning?.(warning);
      },
    });
    const entry: Entry = { users: 0, loading, stop, listeners, warnings };
    if (key !== undefined) {
      this.#entries.set(key, entry);
      // Somebody who asks again after a failure gets another attempt.
      loading.catch(() => this.#forget(key, entry));
    }
    return entry;
  }

  #useOf(key: string | undefined, entry: Entry, segmenter: Segmenter): SegmenterUse {
    let isReleased = false;
    return {
      segmenter,
      warnings: entry.warnings,
      share: () => {
        entry.users += 1;
        return this.#useOf(key, entry, segmenter);
      },
      release: () => {
        if (!isReleased) {
          isReleased = true;
          this.#leave(key, entry);
        }
      },
    };
  }

  #leave(key: string | undefined, entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0) {
      return;
    }
    if (key !== undefined) this.#forget(key, entry);
    entry.stop.abort();
    entry.loading.then(
      (segmenter) => segmenter.dispose(),
      () => undefined,
    );
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) {
      this.#entries.delete(key);
    }
  }
}

/** Waits no longer than until the signal is aborted; what is waited for goes on. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return work;
  }
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
