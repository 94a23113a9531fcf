import type { ByteSource } from './byte-source.ts';
import { pairScales, parseChannelAxes } from './channel-scales.ts';
import { verifyContent, type VerifyOptions } from './digest.ts';
import {
  readSafetensorsHeader,
  type SafetensorsHeader,
  type StoredTensor,
} from './safetensors-header.ts';
import { sha256OfBytes, sha256OfSource } from './sha256.ts';
import { bytesPerChunk, findTensor, placeIn } from './stored-tensors.ts';
import type { ChunkOptions, FilePlace, OpenWeights } from './weight-store.ts';

export interface SafetensorsOptions extends VerifyOptions {
  /** Use this as the store's fingerprint. Saves the hash of content in memory. */
  readonly fingerprint?: string;
  readonly signal?: AbortSignal;
}

/**
 * Opens a safetensors file. Only its header is read and checked in full; tensors are read when asked for.
 *
 * The fingerprint is the SHA-256 of the content if a hash was given to check, or if the content is in memory anyway.
 * Otherwise it is made of the header, the size and the identity of the source (for a file: device, inode and times of
 * change), and of all bytes for a source without identity.
 *
 * The store takes over the source: closing one closes the other. If this throws, the caller still owns the source.
 *
 * @throws WeightsError if the file is cut short or otherwise not what its header says, and with code
 *   `checksum-mismatch` if its hash is not the given one
 */
export async function openSafetensors(
  source: ByteSource,
  options: SafetensorsOptions = {},
): Promise<OpenWeights> {
  const { signal } = options;
  // On a mismatch the header may tell what happened, for instance that the end is missing.
  const explain = (): Promise<unknown> => readSafetensorsHeader(source, signal);
  const verified = await verifyContent(source, options, explain, signal);
  const header = await readSafetensorsHeader(source, signal);
  const fingerprint =
    options.fingerprint ??
    (verified === undefined ? await fingerprintOf(source, header, signal) : `sha256:${verified}`);
  return new SafetensorsFile(source, header, fingerprint);
}

async function fingerprintOf(
  source: ByteSource,
  header: SafetensorsHeader,
  signal?: AbortSignal,
): Promise<string> {
  if (source.bytes !== undefined || source.identity === undefined) {
    return `sha256:${await sha256OfSource(source, signal)}`;
  }
  return `header:${await sha256OfBytes(header.json)}:${source.size}:${source.identity}`;
}

class SafetensorsFile implements OpenWeights {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly fingerprint: string;
  readonly #source: ByteSource;

  constructor(source: ByteSource, header: SafetensorsHeader, fingerprint: string) {
    this.#source = source;
    this.tensors = pairScales(header.tensors, parseChannelAxes(header.metadata));
    this.metadata = header.metadata;
    this.fingerprint = fingerprint;
  }

  async read(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const { offset, byteLength } = findTensor(this.tensors, path);
    return this.#source.read(offset, byteLength, signal);
  }

  filePlace(path: string): FilePlace | undefined {
    const { offset, byteLength } = findTensor(this.tensors, path);
    return placeIn(this.#source, offset, byteLength);
  }

  async *readChunks(path: string, options: ChunkOptions = {}): AsyncGenerator<Uint8Array, void> {
    const { offset, byteLength, dtype } = findTensor(this.tensors, path);
    const { chunkSize, signal } = options;
    const step = bytesPerChunk(dtype, chunkSize);
    for (let done = 0; done < byteLength; done += step) {
      yield await this.#source.read(offset + done, Math.min(step, byteLength - done), signal);
    }
  }

  async close(): Promise<void> {
    await this.#source.close?.();
  }
}
