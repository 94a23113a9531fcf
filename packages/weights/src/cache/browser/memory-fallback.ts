import type { ByteSource } from '../../byte-source.ts';
import { WeightsError } from '../../weights-error.ts';
import type { FileRecord } from '../file-record.ts';
import type { MemoryCache } from '../memory-cache.ts';
import type { FileWriter, ModelCache } from '../model-cache.ts';

/**
 * A cache that goes on in memory when the storage of the browser fails or is full, so that the user gets the model at
 * least for this visit.
 *
 * @param onFallback - told why, each time
 */
export function withMemoryFallback(
  cache: ModelCache,
  memory: MemoryCache,
  onFallback: (reason: WeightsError) => void,
): ModelCache {
  return {
    kind: cache.kind,
    location: cache.location,
    list: () => cache.list(),
    size: () => cache.size(),
    remove: (key) => cache.remove(key),
    clear: () => cache.clear(),
    async open(key) {
      let found;
      try {
        found = await cache.open(key);
      } catch (cause) {
        onFallback(storageFailure(cause));
      }
      return found ?? memory.open(key);
    },
    async write(key, options, action) {
      let hasStarted = false;
      try {
        return await cache.write(key, options, (writer) => {
          hasStarted = true;
          return action(new FallbackWriter(writer, () => memory.newWriter(key), onFallback));
        });
      } catch (cause) {
        options.signal?.throwIfAborted();
        if (hasStarted) {
          throw cause;
        }
        onFallback(storageFailure(cause));
        return memory.write(key, options, action);
      }
    },
  };
}

class FallbackWriter implements FileWriter {
  #writer: FileWriter;
  /** Undefined once it is used. */
  #newMemory: (() => FileWriter) | undefined;
  readonly #onFallback: (reason: WeightsError) => void;

  constructor(
    writer: FileWriter,
    newMemory: () => FileWriter,
    onFallback: (reason: WeightsError) => void,
  ) {
    this.#writer = writer;
    this.#newMemory = newMemory;
    this.#onFallback = onFallback;
  }

  get size(): number {
    return this.#writer.size;
  }

  get record(): FileRecord | undefined {
    return this.#writer.record;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.#writer.read(offset, length);
  }

  async restart(record: FileRecord): Promise<void> {
    try {
      await this.#writer.restart(record);
    } catch (cause) {
      const memory = this.#fallBack(cause);
      await memory.restart(record);
      this.#writer = memory;
    }
  }

  async append(bytes: Uint8Array): Promise<void> {
    const before = this.#writer.size;
    try {
      await this.#writer.append(bytes);
    } catch (cause) {
      await this.#moveToMemory(cause);
      await this.#writer.append(bytes.subarray(this.#writer.size - before));
    }
  }

  async commit(record: FileRecord): Promise<ByteSource> {
    try {
      return await this.#writer.commit(record);
    } catch (cause) {
      await this.#moveToMemory(cause, record);
      return this.#writer.commit(record);
    }
  }

  discard(): Promise<void> {
    return this.#writer.discard();
  }

  evict(): Promise<void> {
    return this.#writer.evict();
  }

  async #moveToMemory(cause: unknown, record?: FileRecord): Promise<void> {
    const stored = this.#writer;
    const known = stored.record ?? record;
    const memory = this.#fallBack(cause);
    if (known !== undefined) {
      await memory.restart(known);
    }
    const step = 2 ** 22;
    for (let offset = 0; offset < stored.size; offset += step) {
      await memory.append(await stored.read(offset, Math.min(step, stored.size - offset)));
    }
    this.#writer = memory;
    // What fills the storage is of no use there.
    await stored.discard().catch(() => undefined);
  }

  #fallBack(cause: unknown): FileWriter {
    const reason = storageFailure(cause);
    if (this.#newMemory === undefined) {
      throw reason;
    }
    const memory = this.#newMemory();
    this.#newMemory = undefined;
    this.#onFallback(reason);
    return memory;
  }
}

function storageFailure(cause: unknown): WeightsError {
  if (cause instanceof WeightsError && ['no-space', 'cache-failed'].includes(cause.code)) {
    return cause;
  }
  throw cause;
}
