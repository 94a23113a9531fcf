// Content of zip entries, for archives that checkpoints were packed into once more.

import { type ByteSource, checkRange, memorySource } from '../byte-source.ts';
import { quote, WeightsError } from '../weights-error.ts';
import { Crc32 } from './crc-32.ts';
import { locateEntry } from './zip-directory.ts';
import type { ZipEntry } from './zip-entries.ts';
import { zipError } from './zip-records.ts';

const STORED = 0;
const DEFLATED = 8;
/** No more than this comes out of one byte of deflate, so that a short file cannot claim to be a huge one. */
const LARGEST_RATIO = 1032;
const bytesPerRead = 2 ** 22;

/**
 * The content of an entry as a source of its own, which takes over the archive's: closing one closes the other.
 *
 * What is stored plain is read in place. What is deflated is unpacked into memory as a whole, and checked.
 *
 * @throws WeightsError if the entry is packed in another way, or its content is not what the directory says
 */
export async function openZipEntry(
  source: ByteSource,
  entry: ZipEntry,
  signal?: AbortSignal,
): Promise<ByteSource> {
  const start = await locateEntry(source, entry, signal, [STORED, DEFLATED]);
  if (entry.method === STORED) {
    return partOf(source, start, entry.byteLength);
  }
  const bytes = await inflate(source, start, entry, signal);
  return { ...memorySource(bytes), close: async () => source.close?.() };
}

function partOf(source: ByteSource, start: number, size: number): ByteSource {
  const { bytes, identity, file } = source;
  return {
    size,
    ...(bytes !== undefined && { bytes: bytes.subarray(start, start + size) }),
    ...(file !== undefined && { file: { ...file, offset: file.offset + start } }),
    ...(identity !== undefined && { identity: `${identity}:${start}+${size}` }),
    async read(offset, length, signal) {
      checkRange(size, offset, length);
      return source.read(start + offset, length, signal);
    },
    async close() {
      await source.close?.();
    },
  };
}

async function inflate(
  source: ByteSource,
  start: number,
  { name, byteLength, unpacked, crc32 }: ZipEntry,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (unpacked > byteLength * LARGEST_RATIO) {
    throw zipError(`${quote(name)} is said to unpack from ${byteLength} bytes to ${unpacked}`);
  }
  const result = allocate(name, unpacked);
  const check = new Crc32();
  let done = 0;
  try {
    const packed = packedStream(source, start, byteLength, signal);
    for await (const piece of unpack(packed)) {
      if (done + piece.byteLength > unpacked) {
        throw zipError(`${quote(name)} unpacks to more than the ${unpacked} bytes that it should`);
      }
      result.set(piece, done);
      check.update(piece);
      done += piece.byteLength;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof WeightsError) {
      throw cause;
    }
    throw new WeightsError(
      'zip',
      `${quote(name)} cannot be unpacked after ${done} of ${unpacked} bytes: it was damaged. Load it again`,
      { cause },
    );
  }
  if (done !== unpacked || check.value !== crc32) {
    throw zipError(
      `${quote(name)} unpacks to ${done} bytes with the CRC ${check.value}, expected ${unpacked} with ${crc32}`,
    );
  }
  return result;
}

function allocate(name: string, byteLength: number): Uint8Array {
  try {
    return new Uint8Array(byteLength);
  } catch (cause) {
    throw new WeightsError(
      'no-space',
      `${quote(name)} unpacks to ${byteLength} bytes, more than this machine gives at once. Unpack the archive on disk`,
      { cause },
    );
  }
}

function packedStream(
  source: ByteSource,
  start: number,
  byteLength: number,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      const length = Math.min(bytesPerRead, byteLength - at);
      if (length === 0) {
        controller.close();
        return;
      }
      // A copy, because the stream may take the buffer away.
      controller.enqueue(new Uint8Array(await source.read(start + at, length, signal)));
      at += length;
    },
  });
}

async function* unpack(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array> {
  const reader = packed.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    // Of no effect at the end; else it ends the reading of what is packed.
    await reader.cancel().catch(() => undefined);
  }
}
