import { type ByteSource, checkRange, memorySource } from '../byte-source.ts';
import { WeightsError } from '../weights-error.ts';
import { checkCacheKey } from './cache-key.ts';
import { runExclusive } from './exclusive.ts';
import type { FileRecord } from './file-record.ts';
import type { CachedFile, FileWriter, ModelCache } from './model-cache.ts';

let caches = 0;

export interface MemoryCache extends ModelCache {
  /** A writer that does not keep others from writing the same file. */
  newWriter(key: string): FileWriter;
}

let shared: MemoryCache | undefined;

/** The cache of everybody in this page or process who asks for one in memory. */
export function sharedMemoryCache(): MemoryCache {
  shared ??= createMemoryCache();
  return shared;
}

/** Keeps complete files until the page or process ends. Parts of files last no longer than their download. */
export function createMemoryCache(): MemoryCache {
  const files = new Map<string, CachedFile>();
  caches++;
  const number = caches;
  const newWriter = (key: string): FileWriter =>
    new MemoryWriter({
      commit: (file) => files.set(key, file),
      evict: () => files.delete(key),
    });
  return {
    kind: 'memory',
    location: 'memory',
    list: async () =>
      [...files]
        .map(([key, { source, record }]) => ({
          key,
          name: record.name,
          url: record.url,
          bytes: source.size,
          complete: true,
          stored: new Date(record.stored),
        }))
        .reverse(),
    size: async () => [...files.values()].reduce((sum, { source }) => sum + source.size, 0),
    async remove(key) {
      checkCacheKey(key);
      return files.delete(key);
    },
    async clear() {
      files.clear();
    },
    open: async (key) => files.get(key),
    write: (key, options, action) =>
      runExclusive(`memory:${number}:${key}`, options, () => action(newWriter(key))),
    newWriter,
  };
}

interface Target {
  commit(file: CachedFile): unknown;
  evict(): unknown;
}

class MemoryWriter implements FileWriter {
  size = 0;
  record: FileRecord | undefined;
  #bytes: Uint8Array = new Uint8Array();
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this.size, offset, length);
    return this.#bytes.subarray(offset, offset + length);
  }

  async restart(record: FileRecord): Promise<void> {
    this.size = 0;
    this.record = record;
    this.#reserve(record.total ?? 0);
  }

  async append(bytes: Uint8Array): Promise<void> {
    const end = this.size + bytes.byteLength;
    if (end > this.#bytes.byteLength) {
      this.#reserve(Math.max(end, 2 * this.#bytes.byteLength, 2 ** 20));
    }
    this.#bytes.set(bytes, this.size);
    this.size = end;
  }

  async commit(record: FileRecord): Promise<ByteSource> {
    // A view would hold on to what was reserved beyond the end.
    const isFull = this.size === this.#bytes.byteLength;
    const source = memorySource(isFull ? this.#bytes : this.#bytes.slice(0, this.size));
    this.#target.commit({ source, record });
    return source;
  }

  async discard(): Promise<void> {
    this.size = 0;
    this.record = undefined;
    this.#bytes = new Uint8Array();
  }

  async evict(): Promise<void> {
    this.#target.evict();
  }

  #reserve(byteLength: number): void {
    if (byteLength === this.#bytes.byteLength) {
      return;
    }
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(byteLength);
    } catch (cause) {
      throw new WeightsError(
        'no-space',
        `the file needs ${byteLength} bytes of memory, more than this machine gives at once. ` +
          'Use a cache on disk, or a smaller model',
        { cause },
      );
    }
    bytes.set(this.#bytes.subarray(0, this.size));
    this.#bytes = bytes;
  }
}
