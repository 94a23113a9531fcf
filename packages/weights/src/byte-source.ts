import { WeightsError } from './weights-error.ts';

/** Immutable bytes that can be read at any place. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** The whole content, where it lies in memory anyway. */
  readonly bytes?: Uint8Array;
  /**
   * Text that no other content has: where it is known, a fingerprint needs no pass over all bytes.
   * For a file this is its identity on the disk and its times of change.
   */
  readonly identity?: string;
  /** Where the content starts in a file on disk, if it lies in one. */
  readonly file?: { readonly path: string; readonly offset: number };
  /**
   * Exactly `length` bytes from `offset` on. May be a view into shared memory: do not write to it.
   *
   * @throws WeightsError if the range is not inside the source, or reading fails
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Frees what the source holds open. */
  close?(): Promise<void>;
}

/** @throws WeightsError unless `[offset, offset + length)` lies inside a source of `size` bytes */
export function checkRange(size: number, offset: number, length: number): void {
  const valid =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= size;
  if (!valid) {
    throw new WeightsError(
      'argument',
      `cannot read ${length} bytes at ${offset}: the source has ${size} bytes`,
    );
  }
}

/** Bytes that lie in memory. Reads are views into them: they must not change while the source is used. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    bytes,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      checkRange(bytes.byteLength, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A `Blob` or a `File` that the user picked. Only what is read is loaded. */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    identity: blobIdentity(blob),
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      checkRange(blob.size, offset, length);
      try {
        const bytes = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
        if (bytes.byteLength === length) {
          signal?.throwIfAborted();
          return bytes;
        }
      } catch (cause) {
        signal?.throwIfAborted();
        throw new WeightsError(
          'read-failed',
          `cannot read ${length} bytes at ${offset} of the blob: ${String(cause)}. ` +
            'If it is a file, it may have been changed or removed: pick it again',
          { cause },
        );
      }
      throw new WeightsError('read-failed', `the blob ended within ${length} bytes at ${offset}`);
    },
  };
}

const identities = new WeakMap<Blob, string>();

/** Nothing tells two unnamed blobs apart but the object itself, so each gets a number drawn by chance. */
function blobIdentity(blob: Blob): string {
  if (typeof File !== 'undefined' && blob instanceof File) {
    return `file:${blob.name}:${blob.lastModified}`;
  }
  let identity = identities.get(blob);
  if (identity === undefined) {
    identity = `blob:${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
    identities.set(blob, identity);
  }
  return identity;
}
