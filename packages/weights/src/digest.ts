import { platform } from '#platform';

import type { ByteSource } from './byte-source.ts';
import type { HashAlgorithm } from './platform.ts';
import { parseSha256, sha256OfSource } from './sha256.ts';
import { quote, WeightsError } from './weights-error.ts';

/**
 * A hash of a whole file, as its publisher gives it.
 *
 * - `sha256`: the one to choose where there is a choice
 * - `md5`: finds damage, but a forger can make two files with the same one
 * - `git-blob`: what `git hash-object` prints in a SHA-1 repository, so the id of a file in a git tree
 */
export interface ContentDigest {
  readonly algorithm: 'sha256' | 'md5' | 'git-blob';
  /** 64, 32 or 40 hexadecimal digits. */
  readonly hex: string;
}

export interface VerifyOptions {
  /**
   * The SHA-256 that the whole content must have, 64 hexadecimal digits. All bytes are read once when the file is
   * opened.
   */
  readonly sha256?: string;
  /** Another hash that the content must have, for files whose publisher gives no SHA-256. Costs the same pass. */
  readonly digest?: ContentDigest;
}

type Algorithm = ContentDigest['algorithm'];

const names: Readonly<Record<Algorithm, string>> = {
  sha256: 'SHA-256',
  md5: 'MD5',
  'git-blob': 'git blob id',
};
const digits: ReadonlyMap<string, number> = new Map<Algorithm, number>([
  ['sha256', 64],
  ['md5', 32],
  ['git-blob', 40],
]);
const bytesPerChunk = 2 ** 22;

/**
 * Checks the content against the given hashes.
 *
 * @param explain - called on a mismatch: throws a {@link WeightsError} that may tell what happened to the file
 * @returns the SHA-256 of the content, which is calculated beside any other hash because only it is fit to identify
 *   the content; undefined if there was nothing to check
 * @throws WeightsError with code `checksum-mismatch`, or `argument` if a hash is malformed
 */
export async function verifyContent(
  source: ByteSource,
  options: VerifyOptions,
  explain: () => Promise<unknown>,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const wanted = wantedDigests(options);
  if (wanted.length === 0) {
    return undefined;
  }
  const got = await digestsOf(source, new Set(wanted.map(({ algorithm }) => algorithm)), signal);
  for (const { algorithm, hex } of wanted) {
    if (got.get(algorithm) !== hex) {
      const cause = await explain().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      signal?.throwIfAborted();
      const hint = cause instanceof WeightsError ? ` (${cause.message})` : '';
      throw new WeightsError(
        'checksum-mismatch',
        `the ${names[algorithm]} of these ${source.size} bytes is ${got.get(algorithm)}, expected ${hex}: ` +
          `they were damaged or are another file${hint}. Load them again`,
        cause === undefined ? {} : { cause },
      );
    }
  }
  return got.get('sha256');
}

function wantedDigests({ sha256, digest }: VerifyOptions): readonly ContentDigest[] {
  const wanted: ContentDigest[] = [];
  if (sha256 !== undefined) {
    wanted.push({ algorithm: 'sha256', hex: parseSha256(sha256) });
  }
  if (digest !== undefined) {
    const { algorithm, hex } = digest;
    const length = digits.get(algorithm);
    if (length === undefined) {
      throw new WeightsError(
        'argument',
        `the digest's algorithm is ${quote(algorithm)}, expected one of ${[...digits.keys()].join(', ')}`,
      );
    }
    if (!/^[0-9a-f]+$/i.test(hex) || hex.length !== length) {
      throw new WeightsError(
        'argument',
        `the ${names[algorithm]} is ${quote(hex)}, expected ${length} hexadecimal digits`,
      );
    }
    wanted.push({ algorithm, hex: hex.toLowerCase() });
  }
  return wanted;
}

/** Always with the SHA-256. */
async function digestsOf(
  source: ByteSource,
  algorithms: ReadonlySet<Algorithm>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<Algorithm, string>> {
  const others = [...algorithms].filter((algorithm) => algorithm !== 'sha256');
  if (others.length === 0) {
    return new Map([['sha256', await sha256OfSource(source, signal)]]);
  }
  const hashes = [...others, 'sha256' as const].map(
    (algorithm) => [algorithm, platform.createHash(hashOf(algorithm))] as const,
  );
  for (const [algorithm, hash] of hashes) {
    if (algorithm === 'git-blob') {
      hash.update(new TextEncoder().encode(`blob ${source.size}\0`));
    }
  }
  for (let offset = 0; offset < source.size; offset += bytesPerChunk) {
    const bytes = await source.read(offset, Math.min(bytesPerChunk, source.size - offset), signal);
    for (const [, hash] of hashes) {
      hash.update(bytes);
    }
  }
  return new Map(hashes.map(([algorithm, hash]) => [algorithm, hash.digest()]));
}

function hashOf(algorithm: Algorithm): HashAlgorithm {
  return algorithm === 'git-blob' ? 'sha1' : algorithm;
}
