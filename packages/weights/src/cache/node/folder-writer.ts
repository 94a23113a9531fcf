import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';

import { type ByteSource, checkRange } from '../../byte-source.ts';
import { openFileSource } from '../../file-source.ts';
import { WeightsError } from '../../weights-error.ts';
import { type FileRecord, parseFileRecord } from '../file-record.ts';
import type { FileWriter } from '../model-cache.ts';
import { availableBytes, folderError, ifPresent, noSpace } from './folder-error.ts';
import type { HeldLock } from './lock-file.ts';

/** The files of one key. */
export interface EntryPaths {
  readonly folder: string;
  /** The complete file. It counts only if its record is there too. */
  readonly model: string;
  readonly record: string;
  readonly part: string;
  readonly partRecord: string;
}

/** Writes the part of a file on disk. The caller holds the lock. */
export class FolderWriter implements FileWriter {
  size: number;
  record: FileRecord | undefined;
  readonly #paths: EntryPaths;
  readonly #lock: HeldLock;
  #handle: FileHandle | undefined;

  private constructor(paths: EntryPaths, lock: HeldLock, handle: FileHandle, size: number) {
    this.#paths = paths;
    this.#lock = lock;
    this.#handle = handle;
    this.size = size;
  }

  static async open(paths: EntryPaths, lock: HeldLock): Promise<FolderWriter> {
    const record = await readRecord(paths.partRecord);
    const handle = await openPart(paths.part);
    const writer = new FolderWriter(paths, lock, handle, (await handle.stat()).size);
    writer.record = record;
    return writer;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this.size, offset, length);
    const bytes = new Uint8Array(length);
    const { bytesRead } = await this.#open().read(bytes, 0, length, offset);
    if (bytesRead !== length) {
      throw new WeightsError(
        'read-failed',
        `${this.#paths.part} gave ${bytesRead} bytes at ${offset}, expected ${length}`,
      );
    }
    return bytes;
  }

  async restart(record: FileRecord): Promise<void> {
    const { folder, partRecord } = this.#paths;
    try {
      await this.#open().truncate(0);
      this.size = 0;
      await writeRecord(partRecord, record);
      this.record = record;
    } catch (cause) {
      throw await folderError(cause, folder, record.total);
    }
    const available = await availableBytes(folder);
    if (record.total !== undefined && available !== undefined && record.total > available) {
      throw noSpace(folder, record.total, available);
    }
  }

  async append(bytes: Uint8Array): Promise<void> {
    const handle = this.#open();
    let done = 0;
    try {
      while (done < bytes.byteLength) {
        const { bytesWritten } = await handle.write(bytes, done, undefined, this.size + done);
        done += bytesWritten;
      }
    } catch (cause) {
      const total = this.record?.total;
      throw await folderError(
        cause,
        this.#paths.folder,
        total === undefined ? undefined : total - this.size,
      );
    }
    this.size += done;
  }

  async commit(record: FileRecord): Promise<ByteSource> {
    const { folder, model, part, partRecord } = this.#paths;
    try {
      const handle = this.#open();
      // After a loss of power a renamed file could otherwise be full of zeros.
      await handle.sync();
      const written = await handle.stat({ bigint: true });
      await this.close();
      await this.#lock.check();
      const found = await ifPresent(stat(part, { bigint: true }));
      if (found?.ino !== written.ino || found.size !== BigInt(this.size)) {
        throw new WeightsError('cache-failed', `${part} was replaced while it was written`);
      }
      // Without a record neither the old file nor the new one counts, so the two cannot be mixed up.
      await rm(this.#paths.record, { force: true });
      await rename(part, model);
      await writeRecord(this.#paths.record, record);
      await rm(partRecord, { force: true });
    } catch (cause) {
      throw await folderError(cause, folder);
    }
    return openFileSource(model);
  }

  async discard(): Promise<void> {
    try {
      await this.#open().truncate(0);
      await rm(this.#paths.partRecord, { force: true });
    } catch (cause) {
      throw await folderError(cause, this.#paths.folder);
    }
    this.size = 0;
    this.record = undefined;
  }

  async evict(): Promise<void> {
    try {
      await rm(this.#paths.record, { force: true });
      await rm(this.#paths.model, { force: true });
    } catch (cause) {
      throw await folderError(cause, this.#paths.folder);
    }
  }

  /** Keeps what there is. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined) {
      await handle.close();
      if (this.size === 0) {
        await rm(this.#paths.part, { force: true });
        await rm(this.#paths.partRecord, { force: true });
      }
    }
  }

  #open(): FileHandle {
    if (this.#handle === undefined) {
      throw new WeightsError('argument', `${this.#paths.part} is closed`);
    }
    return this.#handle;
  }
}

async function openPart(path: string): Promise<FileHandle> {
  // Opening for appending would ignore the positions of writes.
  return (await ifPresent(open(path, 'r+'))) ?? open(path, 'w+');
}

export async function readRecord(path: string): Promise<FileRecord | undefined> {
  const text = await ifPresent(readFile(path, 'utf8'));
  return text === undefined ? undefined : parseFileRecord(text);
}

/** As a whole or not at all. */
async function writeRecord(path: string, record: FileRecord): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify(record, undefined, 2)}\n`);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
}
