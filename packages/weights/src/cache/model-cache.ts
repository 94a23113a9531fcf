import type { ByteSource } from '../byte-source.ts';
import type { FileRecord } from './file-record.ts';

/** A file in a cache, or the part of it that a download left. */
export interface CachedModel {
  /** Names it in {@link ModelCache.remove}. Made of its hash, or of its address where no hash was pinned. */
  readonly key: string;
  /** The last part of its address. */
  readonly name: string;
  /** Where it came from, without user name, password and query. */
  readonly url: string;
  /** What it takes up, in bytes. */
  readonly bytes: number;
  /** False for what an unfinished download left. */
  readonly complete: boolean;
  /** When it was complete, or its download began. Undefined where that is no longer known. */
  readonly stored: Date | undefined;
}

/**
 * Keeps model files between runs. Several pages or processes may use one at a time.
 *
 * Programs list and remove; reading and writing is for `loadModelFile`.
 */
export interface ModelCache {
  readonly kind: 'folder' | 'opfs' | 'cache-api' | 'memory';
  /** For people: a path, or a name within the browser's storage. */
  readonly location: string;
  /** Complete files and parts, the newest first. */
  list(): Promise<readonly CachedModel[]>;
  /** Of all files and parts, in bytes. */
  size(): Promise<number>;
  /**
   * Removes a file and what there is of its download. Waits for a download of it that is under way.
   *
   * @returns whether there was any
   * @throws WeightsError with code `argument` for text that is no key
   */
  remove(key: string): Promise<boolean>;
  /** Removes all files and parts, and nothing else that lies in the same place. */
  clear(): Promise<void>;

  /** The complete file. Its content is not checked. */
  open(key: string): Promise<CachedFile | undefined>;
  /** Runs `action` as the only writer of this file, in any page or process. What it did not commit is kept for later. */
  write<T>(
    key: string,
    options: WriteOptions,
    action: (file: FileWriter) => Promise<T>,
  ): Promise<T>;
}

export interface CachedFile {
  readonly source: ByteSource;
  readonly record: FileRecord;
}

export interface WriteOptions {
  /** Ends waiting for another writer. */
  readonly signal?: AbortSignal | undefined;
  /** Called when another writer is at work. */
  readonly onWait?: (() => void) | undefined;
}

/** The part of a file that has arrived. */
export interface FileWriter {
  /** Bytes that there are. */
  readonly size: number;
  /** Undefined if nothing was stored yet. */
  readonly record: FileRecord | undefined;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Forgets all bytes. */
  restart(record: FileRecord): Promise<void>;
  /**
   * Stores bytes at the end.
   *
   * @throws WeightsError with code `no-space` or `cache-failed`
   */
  append(bytes: Uint8Array): Promise<void>;
  /** Makes these bytes the complete file, in place of an earlier one. The writer is used up. */
  commit(record: FileRecord): Promise<ByteSource>;
  /** Removes the part. It can be restarted. */
  discard(): Promise<void>;
  /** Removes the complete file, which is no longer what it should be. */
  evict(): Promise<void>;
}
