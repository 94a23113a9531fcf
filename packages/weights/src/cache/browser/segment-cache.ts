import { checkCacheKey, splitEntryName } from '../cache-key.ts';
import { runExclusive } from '../exclusive.ts';
import type {
  CachedFile,
  CachedModel,
  FileWriter,
  ModelCache,
  WriteOptions,
} from '../model-cache.ts';
import type { BlobStore } from './blob-store.ts';
import {
  completeEnding,
  joinSegments,
  partEnding,
  readManifest,
  SegmentWriter,
  sourceOf,
} from './segment-writer.ts';
import { storageError } from './storage-error.ts';

/** Keeps files in a browser's storage, in segments with a manifest. */
export class SegmentCache implements ModelCache {
  readonly kind: BlobStore['kind'];
  readonly location: string;
  readonly #store: BlobStore;

  constructor(store: BlobStore) {
    this.#store = store;
    this.kind = store.kind;
    this.location = store.location;
  }

  list(): Promise<readonly CachedModel[]> {
    return this.#guarded(async () => {
      const sizes = new Map<string, number>();
      for (const [name, size] of await this.#store.list()) {
        const key = splitEntryName(name)?.key;
        if (key !== undefined) {
          sizes.set(key, (sizes.get(key) ?? 0) + size);
        }
      }
      const models = await Promise.all(
        [...sizes].map(([key, bytes]) => this.#describe(key, bytes)),
      );
      return models.sort((a, b) => (b.stored?.getTime() ?? 0) - (a.stored?.getTime() ?? 0));
    });
  }

  async size(): Promise<number> {
    return (await this.list()).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async remove(key: string): Promise<boolean> {
    checkCacheKey(key);
    return this.#locked(key, {}, () =>
      this.#guarded(async () => {
        const names = [...(await this.#store.list()).keys()];
        const own = names.filter((name) => splitEntryName(name)?.key === key);
        // The manifests first: segments without one do not count.
        for (const name of own.sort(
          (a, b) => Number(b.endsWith('.json')) - Number(a.endsWith('.json')),
        )) {
          await this.#store.remove(name);
        }
        return own.length > 0;
      }),
    );
  }

  async clear(): Promise<void> {
    for (const { key } of await this.list()) {
      await this.remove(key);
    }
  }

  open(key: string): Promise<CachedFile | undefined> {
    return this.#guarded(async () => {
      const manifest = await readManifest(this.#store, key + completeEnding);
      const blob = manifest && (await joinSegments(this.#store, key, manifest));
      return manifest && blob && { source: sourceOf(blob, key, manifest), record: manifest.file };
    });
  }

  write<T>(
    key: string,
    options: WriteOptions,
    action: (file: FileWriter) => Promise<T>,
  ): Promise<T> {
    return this.#locked(key, options, async () => {
      const writer = await this.#guarded(() => SegmentWriter.open(this.#store, key));
      try {
        return await action(writer);
      } finally {
        await writer.close();
      }
    });
  }

  async #describe(key: string, bytes: number): Promise<CachedModel> {
    const complete = await readManifest(this.#store, key + completeEnding);
    const known = complete ?? (await readManifest(this.#store, key + partEnding));
    return {
      key,
      name: known?.file.name ?? '',
      url: known?.file.url ?? '',
      bytes,
      complete: complete !== undefined,
      stored: known && new Date(known.file.stored),
    };
  }

  /** One writer among all pages and workers of the site, or of this one where the browser has no locks. */
  async #locked<T>(key: string, options: WriteOptions, action: () => Promise<T>): Promise<T> {
    const name = `samgpu:${this.location}:${key}`;
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    if (locks === undefined) {
      return runExclusive(name, options, action);
    }
    const { signal, onWait } = options;
    signal?.throwIfAborted();
    const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) =>
      lock === null ? undefined : { result: await action() },
    );
    if (atOnce !== undefined) {
      return atOnce.result;
    }
    onWait?.();
    return locks.request(name, signal === undefined ? {} : { signal }, action);
  }

  async #guarded<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      throw await storageError(cause, this.location);
    }
  }
}
