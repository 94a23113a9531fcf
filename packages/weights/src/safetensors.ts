import type { ByteSource } from './byte-source.ts';
import { dtypeSize } from './dtype.ts';
import {
  readSafetensorsHeader,
  type SafetensorsHeader,
  type StoredTensor,
} from './safetensors-header.ts';
import { parseSha256, sha256OfBytes, sha256OfSource } from './sha256.ts';
import type { ChunkOptions, OpenWeights } from './weight-store.ts';
import { quote, WeightsError } from './weights-error.ts';

export interface SafetensorsOptions {
  /**
   * The SHA-256 that the whole content must have, 64 hexadecimal digits. All bytes are read once when the file is
   * opened; without it only the header is.
   */
  readonly sha256?: string;
  /** Use this as the store's fingerprint. Saves the hash of content in memory. */
  readonly fingerprint?: string;
  readonly signal?: AbortSignal;
}

const defaultChunkSize = 2 ** 24;

/**
 * Opens a safetensors file. Only its header is read and checked in full; tensors are read when asked for.
 *
 * The fingerprint is the SHA-256 of the content if that was given, or if the content is in memory anyway. Otherwise it
 * is made of the header, the size and the identity of the source (for a file: device, inode and times of change),
 * and of all bytes for a source without identity.
 *
 * The store takes over the source: closing one closes the other. If this throws, the caller still owns the source.
 *
 * @throws WeightsError if the file is cut short or otherwise not what its header says, and with code
 *   `checksum-mismatch` if its SHA-256 is not the given one
 */
export async function openSafetensors(
  source: ByteSource,
  options: SafetensorsOptions = {},
): Promise<OpenWeights> {
  const { signal } = options;
  let verified: string | undefined;
  if (options.sha256 !== undefined) {
    verified = parseSha256(options.sha256);
    await verify(source, verified, signal);
  }
  const header = await readSafetensorsHeader(source, signal);
  const fingerprint =
    options.fingerprint ??
    (verified === undefined ? await fingerprintOf(source, header, signal) : `sha256:${verified}`);
  return new SafetensorsFile(source, header, fingerprint);
}

async function verify(source: ByteSource, wanted: string, signal?: AbortSignal): Promise<void> {
  const got = await sha256OfSource(source, signal);
  if (got === wanted) {
    return;
  }
  // The header may tell what happened, for instance that the end is missing.
  const cause = await readSafetensorsHeader(source, signal).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const hint = cause instanceof WeightsError ? ` (${cause.message})` : '';
  throw new WeightsError(
    'checksum-mismatch',
    `the SHA-256 of these ${source.size} bytes is ${got}, expected ${wanted}: ` +
      `they were damaged or are another file${hint}. Load them again`,
    cause === undefined ? {} : { cause },
  );
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
    this.tensors = header.tensors;
    this.metadata = header.metadata;
    this.fingerprint = fingerprint;
  }

  async read(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const { offset, byteLength } = this.#find(path);
    return this.#source.read(offset, byteLength, signal);
  }

  async *readChunks(path: string, options: ChunkOptions = {}): AsyncGenerator<Uint8Array, void> {
    const { offset, byteLength, dtype } = this.#find(path);
    const { chunkSize = defaultChunkSize, signal } = options;
    if (!(chunkSize >= 1)) {
      throw new WeightsError('argument', `chunkSize is ${chunkSize}, expected at least 1 byte`);
    }
    const elementSize = dtypeSize(dtype);
    const step = Math.max(1, Math.floor(chunkSize / elementSize)) * elementSize;
    for (let done = 0; done < byteLength; done += step) {
      yield await this.#source.read(offset + done, Math.min(step, byteLength - done), signal);
    }
  }

  async close(): Promise<void> {
    await this.#source.close?.();
  }

  #find(path: string): StoredTensor {
    const tensor = this.tensors.get(path);
    if (tensor === undefined) {
      const some = [...this.tensors.keys()].slice(0, 3).map((name) => quote(name));
      throw new WeightsError(
        'missing-tensor',
        `there is no tensor ${quote(path)} among the ${this.tensors.size} of this file` +
          (some.length > 0 ? ` (${some.join(', ')}, …)` : ''),
      );
    }
    return tensor;
  }
}
