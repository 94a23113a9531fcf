import { platform } from '#platform';

import type { IncrementalHash } from '../platform.ts';
import { WeightsError } from '../weights-error.ts';
import type { Digests } from './model-file.ts';

const stepBytes = 2 ** 22;

export interface Readable {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Hashes of content that arrives in pieces. */
export class ContentHashes {
  readonly #names: readonly (keyof Digests)[];
  readonly #hashes = new Map<keyof Digests, IncrementalHash>();
  readonly #size: number | undefined;
  /** Bytes hashed so far. */
  #done = 0;

  /**
   * @param names - which to calculate
   * @param size - of the whole content; undefined if it is not known before its end
   */
  constructor(names: readonly (keyof Digests)[], size: number | undefined) {
    this.#size = size;
    for (const name of names) {
      // The hash of a git blob begins with the size.
      if (name !== 'gitBlob' || size !== undefined) {
        this.#hashes.set(name, start(name, size ?? 0));
      }
    }
    this.#names = names;
  }

  update(bytes: Uint8Array): void {
    for (const hash of this.#hashes.values()) {
      hash.update(bytes);
    }
    this.#done += bytes.byteLength;
  }

  /** Goes on over what lies in the file beyond what was hashed. */
  async catchUp(file: Readable, signal?: AbortSignal): Promise<void> {
    while (this.#done < file.size) {
      signal?.throwIfAborted();
      const length = Math.min(stepBytes, file.size - this.#done);
      this.update(await file.read(this.#done, length));
    }
  }

  /** @param file - the content, which is read again where its size came as a surprise */
  async digest(file: Readable, signal?: AbortSignal): Promise<Digests> {
    const isSurprise = this.#names.includes('gitBlob') && file.size !== this.#size;
    if (isSurprise) {
      const again = new ContentHashes(this.#names, file.size);
      await again.catchUp(file, signal);
      return again.digest(file, signal);
    }
    return Object.fromEntries([...this.#hashes].map(([name, hash]) => [name, hash.digest()]));
  }
}

/** The first of the wanted hashes that content does not have. */
export function findMismatch(
  wanted: Digests,
  got: Digests,
):
  | { readonly name: string; readonly wanted: string; readonly got: string | undefined }
  | undefined {
  for (const name of ['sha256', 'md5', 'gitBlob'] as const) {
    const hash = wanted[name];
    if (hash !== undefined && hash !== got[name]) {
      return { name, wanted: hash, got: got[name] };
    }
  }
  return undefined;
}

function start(name: keyof Digests, size: number): IncrementalHash {
  if (name !== 'gitBlob') {
    return createHash(name);
  }
  const hash = createHash('sha1');
  hash.update(new TextEncoder().encode(`blob ${size}\0`));
  return hash;
}

function createHash(algorithm: 'sha256' | 'sha1' | 'md5'): IncrementalHash {
  try {
    return platform.createHash(algorithm);
  } catch (cause) {
    throw new WeightsError(
      'unsupported',
      `this runtime does not offer ${algorithm}, as some do in FIPS mode. Pin the file's sha256`,
      { cause },
    );
  }
}
