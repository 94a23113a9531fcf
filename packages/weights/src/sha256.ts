import { platform } from '#platform';

import type { ByteSource } from './byte-source.ts';
import { quote, WeightsError } from './weights-error.ts';

// WebCrypto copies its input, and refuses what is close to 2 GiB in places.
const largestOneShot = 2 ** 30;
const bytesPerChunk = 2 ** 22;

/** The SHA-256 of bytes in memory, lower-case hexadecimal. */
export async function sha256OfBytes(bytes: Uint8Array): Promise<string> {
  // Missing on pages that were not served securely.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle !== undefined && bytes.byteLength <= largestOneShot && isUnshared(bytes)) {
    const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  const hash = platform.createHash('sha256');
  hash.update(bytes);
  return hash.digest();
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}

/** The SHA-256 of all bytes of a source, lower-case hexadecimal. Holds a few megabytes at a time. */
export async function sha256OfSource(source: ByteSource, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  if (source.bytes !== undefined) {
    return sha256OfBytes(source.bytes);
  }
  const hash = platform.createHash('sha256');
  for (let offset = 0; offset < source.size; offset += bytesPerChunk) {
    const length = Math.min(bytesPerChunk, source.size - offset);
    hash.update(await source.read(offset, length, signal));
  }
  return hash.digest();
}

/** @returns the hash in lower case. @throws WeightsError if it is not 64 hexadecimal digits */
export function parseSha256(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new WeightsError('argument', `sha256 is ${quote(text)}, expected 64 hexadecimal digits`);
  }
  return text.toLowerCase();
}
