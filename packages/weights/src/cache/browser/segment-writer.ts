// A file is kept in segments. A browser's files can be replaced as a whole only (to append would copy them), and so a
// page that is closed in the middle of a download loses one segment at most.

import { blobSource, type ByteSource, checkRange } from '../../byte-source.ts';
import { type FileRecord, parseFileRecord } from '../file-record.ts';
import type { FileWriter } from '../model-cache.ts';
import type { BlobStore } from './blob-store.ts';
import { storageError } from './storage-error.ts';

/** What a complete file, or the part of one, consists of. */
export interface Manifest {
  readonly file: FileRecord;
  /** Names the segments, so that those of two versions differ. */
  readonly version: string;
  /** In bytes, in order. */
  readonly segments: readonly number[];
}

export const completeEnding = '.json';
export const partEnding = '.part.json';
const largestSegment = 2 ** 24;

export function segmentName(key: string, version: string, index: number): string {
  return `${key}.${version}.${index}`;
}

export async function readManifest(store: BlobStore, name: string): Promise<Manifest | undefined> {
  const text = await (await store.read(name))?.text();
  if (text === undefined) {
    return undefined;
  }
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Manifest, unknown>>;
    const file = parseFileRecord(JSON.stringify(value.file));
    const { version, segments } = value;
    const isWhole =
      file !== undefined &&
      typeof version === 'string' &&
      Array.isArray(segments) &&
      segments.every((size) => Number.isSafeInteger(size));
    return isWhole ? { file, version, segments: segments as number[] } : undefined;
  } catch {
    return undefined;
  }
}

/** The segments as one blob, undefined if one is missing or has another size. */
export async function joinSegments(
  store: BlobStore,
  key: string,
  { version, segments }: Manifest,
): Promise<Blob | undefined> {
  const blobs = await Promise.all(
    segments.map((_, index) => store.read(segmentName(key, version, index))),
  );
  const fits = blobs.every((blob, index) => blob?.size === segments[index]);
  return fits ? new Blob(blobs as Blob[]) : undefined;
}

/** The bytes of a complete file. */
export function sourceOf(blob: Blob, key: string, { file, version }: Manifest): ByteSource {
  // A blob has no identity of its own that lasts until the next visit.
  return { ...blobSource(blob), identity: `cache:${key}:${version}:${file.stored}` };
}

/** Writes the part of a file in a browser's storage. The caller holds the lock. */
export class SegmentWriter implements FileWriter {
  size = 0;
  record: FileRecord | undefined;
  readonly #store: BlobStore;
  readonly #key: string;
  #version: string = newVersion();
  #segments: number[] = [];
  #stored: Blob = new Blob();
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array();
  #buffered = 0;

  private constructor(store: BlobStore, key: string) {
    this.#store = store;
    this.#key = key;
  }

  static async open(store: BlobStore, key: string): Promise<SegmentWriter> {
    const writer = new SegmentWriter(store, key);
    const manifest = await readManifest(store, key + partEnding);
    const blob = manifest && (await joinSegments(store, key, manifest));
    if (manifest !== undefined && blob !== undefined) {
      writer.record = manifest.file;
      writer.size = blob.size;
      writer.#version = manifest.version;
      writer.#segments = [...manifest.segments];
      writer.#stored = blob;
    }
    return writer;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    checkRange(this.size, offset, length);
    const { size } = this.#stored;
    const end = offset + length;
    const stored = this.#stored.slice(Math.min(offset, size), Math.min(end, size));
    const buffered = this.#buffer.subarray(Math.max(0, offset - size), Math.max(0, end - size));
    const bytes = new Uint8Array(length);
    bytes.set(new Uint8Array(await stored.arrayBuffer()));
    bytes.set(buffered, stored.size);
    return bytes;
  }

  async restart(record: FileRecord): Promise<void> {
    await this.discard();
    this.record = record;
    this.#version = newVersion();
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.byteLength;) {
      if (this.#buffered === largestSegment) {
        await this.#flush();
      }
      const piece = bytes.subarray(done, done + largestSegment - this.#buffered);
      this.#reserve(this.#buffered + piece.byteLength);
      this.#buffer.set(piece, this.#buffered);
      this.#buffered += piece.byteLength;
      this.size += piece.byteLength;
      done += piece.byteLength;
    }
  }

  async commit(record: FileRecord): Promise<ByteSource> {
    await this.#flush();
    const manifest = { file: record, version: this.#version, segments: this.#segments };
    await this.#write(this.#key + completeEnding, encode(manifest));
    this.record = undefined;
    await this.#guarded(() => this.#store.remove(this.#key + partEnding));
    await this.#removeSegments((version) => version !== this.#version);
    return sourceOf(this.#stored, this.#key, manifest);
  }

  async discard(): Promise<void> {
    this.size = 0;
    this.record = undefined;
    this.#segments = [];
    this.#stored = new Blob();
    this.#buffer = new Uint8Array();
    this.#buffered = 0;
    await this.#guarded(() => this.#store.remove(this.#key + partEnding));
    const complete = await readManifest(this.#store, this.#key + completeEnding);
    await this.#removeSegments((version) => version !== complete?.version);
  }

  async evict(): Promise<void> {
    await this.#guarded(() => this.#store.remove(this.#key + completeEnding));
    await this.#removeSegments((version) => version !== this.#version);
  }

  /** Keeps what there is, as far as it can be stored. */
  async close(): Promise<void> {
    if (this.record !== undefined) {
      await this.#flush().catch(() => undefined);
    }
  }

  async #flush(): Promise<void> {
    if (this.record === undefined || this.#buffered === 0) {
      return;
    }
    const name = segmentName(this.#key, this.#version, this.#segments.length);
    await this.#write(name, this.#buffer.subarray(0, this.#buffered));
    const segments = [...this.#segments, this.#buffered];
    const manifest = { file: this.record, version: this.#version, segments };
    await this.#write(this.#key + partEnding, encode(manifest));
    const segment = await this.#guarded(() => this.#store.read(name));
    this.#stored = new Blob([this.#stored, segment ?? new Blob()]);
    this.#segments = segments;
    this.#buffered = 0;
  }

  #reserve(byteLength: number): void {
    if (byteLength > this.#buffer.byteLength) {
      const larger = new Uint8Array(
        Math.min(largestSegment, Math.max(byteLength, 2 * this.#buffer.byteLength)),
      );
      larger.set(this.#buffer.subarray(0, this.#buffered));
      this.#buffer = larger;
    }
  }

  async #removeSegments(isOld: (version: string) => boolean): Promise<void> {
    await this.#guarded(async () => {
      for (const name of (await this.#store.list()).keys()) {
        const [key, version = '', index] = name.split('.');
        if (key === this.#key && /^\d+$/.test(index ?? '') && isOld(version)) {
          await this.#store.remove(name);
        }
      }
    });
  }

  #write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#guarded(() => this.#store.write(name, bytes));
  }

  async #guarded<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      const total = this.record?.total;
      const missing = total === undefined ? undefined : total - this.#stored.size;
      throw await storageError(cause, this.#store.location, missing);
    }
  }
}

function newVersion(): string {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return `v${high.toString(36)}${low.toString(36)}`;
}

function encode(manifest: Manifest): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(manifest));
}
