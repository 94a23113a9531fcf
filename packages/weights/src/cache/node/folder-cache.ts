import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { openFileSource } from '../../file-source.ts';
import { checkCacheKey, splitEntryName } from '../cache-key.ts';
import { runExclusive } from '../exclusive.ts';
import type {
  CachedFile,
  CachedModel,
  FileWriter,
  ModelCache,
  WriteOptions,
} from '../model-cache.ts';
import { folderError, ifPresent } from './folder-error.ts';
import { type EntryPaths, FolderWriter, readRecord } from './folder-writer.ts';
import { type HeldLock, withLockFile } from './lock-file.ts';

/** A folder with plain files: `<key>.model`, its record `<key>.json`, and the part of a download `<key>.part`. */
export class FolderCache implements ModelCache {
  readonly kind = 'folder' as const;
  readonly location: string;

  /** @param folder - absolute. It is made when something is written */
  constructor(folder: string) {
    this.location = folder;
  }

  async list(): Promise<readonly CachedModel[]> {
    try {
      const models = await Promise.all(
        [...(await this.#names()).keys()].map((key) => this.#describe(key)),
      );
      return models
        .filter((model) => model !== undefined)
        .sort((a, b) => (b.stored?.getTime() ?? 0) - (a.stored?.getTime() ?? 0));
    } catch (cause) {
      throw await folderError(cause, this.location);
    }
  }

  async size(): Promise<number> {
    return (await this.list()).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async remove(key: string): Promise<boolean> {
    checkCacheKey(key);
    if ((await this.#describe(key)) === undefined) {
      return false;
    }
    return this.#locked(key, {}, () => this.#removeFiles(key));
  }

  async clear(): Promise<void> {
    for (const key of (await this.#names()).keys()) {
      await this.#locked(key, {}, () => this.#removeFiles(key));
    }
  }

  async open(key: string): Promise<CachedFile | undefined> {
    const { model, record: recordPath } = this.#paths(key);
    try {
      const record = await readRecord(recordPath);
      if (record === undefined || (await ifPresent(stat(model))) === undefined) {
        return undefined;
      }
      return { source: await openFileSource(model), record };
    } catch (cause) {
      throw await folderError(cause, this.location);
    }
  }

  async write<T>(
    key: string,
    options: WriteOptions,
    action: (file: FileWriter) => Promise<T>,
  ): Promise<T> {
    return this.#locked(key, options, async (lock) => {
      let writer: FolderWriter;
      try {
        writer = await FolderWriter.open(this.#paths(key), lock);
      } catch (cause) {
        throw await folderError(cause, this.location);
      }
      try {
        return await action(writer);
      } finally {
        await writer.close();
      }
    });
  }

  async #locked<T>(
    key: string,
    options: WriteOptions,
    action: (lock: HeldLock) => Promise<T>,
  ): Promise<T> {
    const path = join(this.location, `${key}.lock`);
    return runExclusive(path, options, async () => {
      let hasStarted = false;
      try {
        await mkdir(this.location, { recursive: true });
        const onTakeover = (): Promise<void> => rm(this.#paths(key).part, { force: true });
        return await withLockFile(path, { ...options, onTakeover }, (lock) => {
          hasStarted = true;
          return action(lock);
        });
      } catch (cause) {
        options.signal?.throwIfAborted();
        throw hasStarted ? cause : await folderError(cause, this.location);
      }
    });
  }

  /** The names of the cache's files, by key. */
  async #names(): Promise<ReadonlyMap<string, readonly string[]>> {
    const names = new Map<string, string[]>();
    for (const name of (await ifPresent(readdir(this.location))) ?? []) {
      const key = splitEntryName(name)?.key;
      if (key !== undefined) {
        names.set(key, [...(names.get(key) ?? []), name]);
      }
    }
    return names;
  }

  async #describe(key: string): Promise<CachedModel | undefined> {
    const paths = this.#paths(key);
    const [model, part] = await Promise.all(
      [paths.model, paths.part].map((path) => ifPresent(stat(path))),
    );
    if (model === undefined && part === undefined) {
      return undefined;
    }
    const record = await readRecord(paths.record);
    const complete = model !== undefined && record !== undefined;
    const known = complete ? record : await readRecord(paths.partRecord);
    return {
      key,
      name: known?.name ?? '',
      url: known?.url ?? '',
      bytes: (model?.size ?? 0) + (part?.size ?? 0),
      complete,
      stored: known && new Date(known.stored),
    };
  }

  async #removeFiles(key: string): Promise<boolean> {
    try {
      const names = (await this.#names()).get(key) ?? [];
      const files = names.filter((name) => !name.startsWith(`${key}.lock`));
      // The record first: a model without one does not count.
      for (const name of files.sort(
        (a, b) => Number(b.endsWith('.json')) - Number(a.endsWith('.json')),
      )) {
        await rm(join(this.location, name), { force: true });
      }
      return files.length > 0;
    } catch (cause) {
      throw await folderError(cause, this.location);
    }
  }

  #paths(key: string): EntryPaths {
    const base = join(this.location, key);
    return {
      folder: this.location,
      model: `${base}.model`,
      record: `${base}.json`,
      part: `${base}.part`,
      partRecord: `${base}.part.json`,
    };
  }
}
