import { storage } from '#storage';

import type { ByteSource } from '../byte-source.ts';
import { withMemoryFallback } from '../cache/browser/memory-fallback.ts';
import type { FileRecord } from '../cache/file-record.ts';
import { createMemoryCache, sharedMemoryCache } from '../cache/memory-cache.ts';
import type { CachedFile, ModelCache } from '../cache/model-cache.ts';
import type { OnModelWarning } from '../cache/model-warning.ts';
import { openModelCache } from '../cache/open-model-cache.ts';
import { describeFailure, publicPart } from '../fetch-source.ts';
import { openFileSource } from '../file-source.ts';
import { WeightsError } from '../weights-error.ts';
import { isCurrent, request } from './answer.ts';
import { connected } from './body.ts';
import { ContentHashes, findMismatch } from './content-hashes.ts';
import { Download } from './download.ts';
import { findContentProblem } from './model-content.ts';
import { type Digests, locate, type LocatedFile, type ModelFile } from './model-file.ts';
import type { OnModelProgress } from './model-progress.ts';
import { Retries, type RetryOptions } from './retry.ts';

export interface LoadModelFileOptions {
  /**
   * Where the file is kept for next time. `'default'`: the usual place of this platform (see `openModelCache`).
   * `'memory'`: until the page or process ends. `false`: not at all.
   */
  readonly cache?: ModelCache | 'default' | 'memory' | false;
  /**
   * A folder to take the file from in place of its own address, for mirrors and for sites without internet. What is
   * looked up there is the last part of the file's address, and nowhere else if it is not there. `{hash}` in it stands
   * for the file's pinned hash. In Node a path or a `file:` URL too. `false`: none, so that the file is taken from its
   * own address. Default: the environment variable `SAMGPU_MODEL_BASE` in Node.
   */
  readonly baseUrl?: string | URL | false;
  /**
   * How well a stored file is checked before it is used. `'size'`: its size. `'hash'`: all bytes. Default: all bytes of
   * files up to 64 MB, the size of larger ones. All bytes are always checked when they are downloaded.
   */
  readonly verify?: 'size' | 'hash';
  readonly onProgress?: OnModelProgress;
  readonly onWarning?: OnModelWarning;
  /** Ends the download. What has arrived is kept for the next call. */
  readonly signal?: AbortSignal;
  /** In place of the global one, for instance to send a login. */
  readonly fetch?: typeof globalThis.fetch;
  readonly retry?: RetryOptions;
}

const largestCheckedByDefault = 64 * 2 ** 20;

/**
 * A file of weights: from the cache if it is there, or else downloaded, checked and stored.
 *
 * A download that was interrupted goes on where it ended. Whoever asks for the same file meanwhile, in this process or
 * another, waits for it. Only what has the pinned hashes is ever stored or returned. Without any, the file must look
 * like weights, and the server is asked each time whether it is still current; that finds neither damage nor forgery,
 * so pin the SHA-256 where it is known.
 *
 * @returns the bytes; close the source when done
 * @throws WeightsError with code `fetch-failed`, `checksum-mismatch`, `wrong-length`, `not-a-model`, `no-space`,
 *   `cache-failed`, `read-failed` for a local file, or `argument`; the signal's reason if that was aborted
 */
export async function loadModelFile(
  file: ModelFile,
  options: LoadModelFileOptions = {},
): Promise<ByteSource> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const located = locate(file, options.baseUrl);
  const isLocal = located.url.protocol === 'file:';
  if (isLocal && !located.isPinned) {
    return openLocal(located, options);
  }
  const cache = await chooseCache(options);
  const found = await openStored(cache, located, options);
  if (found !== undefined) {
    return found;
  }
  if (isLocal) {
    return openLocal(located, options);
  }
  const onWait = (): void =>
    onProgress?.({ phase: 'waiting', loaded: 0, total: located.bytes, resumed: 0 });
  return cache.write(located.key, { signal, onWait }, async (writer) => {
    // Another writer may have finished meanwhile.
    const found = await openStored(cache, located, options, () => writer.evict());
    return found ?? new Download(located, writer, options).run();
  });
}

async function chooseCache({
  cache = 'default',
  onWarning,
}: LoadModelFileOptions): Promise<ModelCache> {
  if (cache === false) {
    return createMemoryCache();
  }
  if (cache === 'memory') {
    return sharedMemoryCache();
  }
  if (cache !== 'default') {
    return cache;
  }
  const usual = await openModelCache({ onWarning });
  if (!storage.fallsBackToMemory || usual.kind === 'memory') {
    return usual;
  }
  return withMemoryFallback(usual, sharedMemoryCache(), ({ message }) =>
    onWarning?.({
      code: 'memory-only',
      message: `${message}. The model is kept in memory until the page is closed`,
    }),
  );
}

/**
 * The stored file, if it is there, sound and current.
 *
 * @param evict - removes a damaged one; without it, it is left for the writer to find
 */
async function openStored(
  cache: ModelCache,
  file: LocatedFile,
  options: LoadModelFileOptions,
  evict?: () => Promise<void>,
): Promise<ByteSource | undefined> {
  const stored = await cache.open(file.key);
  if (stored === undefined) {
    return undefined;
  }
  const { source, record } = stored;
  let isUsed = false;
  try {
    const damage = await findDamage(stored, file, options);
    if (damage !== undefined) {
      await source.close?.();
      if (evict !== undefined) {
        await evict();
        options.onWarning?.({
          code: 'cache-damaged',
          message: `${file.name} in ${cache.location} ${damage}: it is downloaded again`,
        });
      }
      return undefined;
    }
    isUsed = file.isPinned || (await isStillCurrent(file, record, options));
  } finally {
    if (!isUsed) {
      await source.close?.();
    }
  }
  if (!isUsed) {
    return undefined;
  }
  reportDone(source, options);
  return source;
}

function reportDone({ size }: ByteSource, { onProgress }: LoadModelFileOptions): void {
  onProgress?.({ phase: 'done', loaded: size, total: size, resumed: 0 });
}

/** What is wrong with a stored file. */
async function findDamage(
  { source, record }: CachedFile,
  file: LocatedFile,
  options: LoadModelFileOptions,
): Promise<string | undefined> {
  const { size } = source;
  for (const expected of [record.total, file.bytes]) {
    if (expected !== undefined && size !== expected) {
      return `has ${size} bytes, expected ${expected}`;
    }
  }
  const { verify = size <= largestCheckedByDefault ? 'hash' : 'size' } = options;
  if (verify === 'size') {
    return undefined;
  }
  const wanted = file.isPinned ? file.pins : record.sha256 ? { sha256: record.sha256 } : {};
  const mismatch = await hashAndCompare(source, wanted, options);
  return mismatch && `has the ${mismatch.name} ${mismatch.got}, expected ${mismatch.wanted}`;
}

async function hashAndCompare(
  source: ByteSource,
  wanted: Digests,
  { signal, onProgress }: LoadModelFileOptions,
): Promise<ReturnType<typeof findMismatch>> {
  const { size } = source;
  onProgress?.({ phase: 'checking', loaded: size, total: size, resumed: size });
  const hashes = new ContentHashes(Object.keys(wanted) as (keyof Digests)[], size);
  await hashes.catchUp(source, signal);
  return findMismatch(wanted, await hashes.digest(source, signal));
}

/** Asks the server by a plain request that is not read further than its headers: other sites need not allow more. */
async function isStillCurrent(
  file: LocatedFile,
  record: FileRecord,
  { signal, onWarning, fetch = globalThis.fetch, retry }: LoadModelFileOptions,
): Promise<boolean> {
  const controller = new AbortController();
  const merged = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
  try {
    const asked = request(file, undefined, fetch, merged);
    const answer = await connected(asked, new Retries(retry).stallTimeout, signal);
    if (answer.kind === 'whole') {
      return isCurrent(record, answer);
    }
    throw new Error('reason' in answer ? answer.reason : answer.kind);
  } catch (cause) {
    signal?.throwIfAborted();
    onWarning?.({
      code: 'not-revalidated',
      message:
        `${publicPart(file.url)} could not be asked for a newer version (${describeFailure(cause)}): ` +
        `the one of ${record.stored} is used`,
    });
    return true;
  } finally {
    controller.abort();
  }
}

/** A file on disk is used in place. All of it is checked unless the caller asks for the size alone. */
async function openLocal(file: LocatedFile, options: LoadModelFileOptions): Promise<ByteSource> {
  const { url, bytes, pins, isPinned } = file;
  const source = await openFileSource(url);
  try {
    if (bytes !== undefined && source.size !== bytes) {
      throw new WeightsError(
        'wrong-length',
        `${publicPart(url)} has ${source.size} bytes, expected ${bytes}: it is another file, or was cut short`,
      );
    }
    if (!isPinned) {
      const problem = await findContentProblem(source, publicPart(url));
      if (problem !== undefined) {
        throw problem;
      }
    } else if (options.verify !== 'size') {
      const mismatch = await hashAndCompare(source, pins, options);
      if (mismatch !== undefined) {
        throw new WeightsError(
          'checksum-mismatch',
          `the ${mismatch.name} of ${publicPart(url)} is ${mismatch.got}, expected ${mismatch.wanted}: ` +
            'it was damaged or is another file. Copy it again',
        );
      }
    }
  } catch (cause) {
    await source.close?.();
    throw cause;
  }
  reportDone(source, options);
  return source;
}
