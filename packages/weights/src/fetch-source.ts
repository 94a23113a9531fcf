import { type ByteSource, memorySource } from './byte-source.ts';
import { quote, WeightsError } from './weights-error.ts';

export interface FetchProgress {
  /** Bytes that have arrived, after decompression. */
  readonly loaded: number;
  /** Bytes in all, undefined where the server does not say. */
  readonly total: number | undefined;
}

export interface FetchOptions {
  readonly signal?: AbortSignal;
  /** Called when the response starts, and then for every piece that arrives. */
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Passed on to `fetch`, for instance headers for a server that asks for a login. */
  readonly init?: Omit<RequestInit, 'signal'>;
}

/**
 * Loads a URL as a whole into memory.
 *
 * @throws WeightsError with code `fetch-failed` if the server cannot be reached, answers with an error, or the
 *   connection breaks; the signal's reason if that was aborted
 */
export async function fetchSource(
  url: string | URL,
  options: FetchOptions = {},
): Promise<ByteSource> {
  const { signal } = options;
  try {
    const response = await fetch(url, { ...options.init, ...(signal && { signal }) });
    if (!response.ok) {
      await response.body?.cancel();
      throw new WeightsError(
        'fetch-failed',
        `${publicPart(url)} answered with status ${response.status} ${response.statusText}, expected 200`,
      );
    }
    return memorySource(await readBody(response, options.onProgress));
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof WeightsError) {
      throw cause;
    }
    throw new WeightsError(
      'fetch-failed',
      `cannot load ${publicPart(url)}: ${describeFailure(cause)}. ` +
        'Check the address and the connection, and in a browser that the server allows this origin (CORS)',
      { cause },
    );
  }
}

async function readBody(
  response: Response,
  onProgress: FetchOptions['onProgress'],
): Promise<Uint8Array> {
  const total = announcedLength(response);
  onProgress?.({ loaded: 0, total });
  const reader = response.body?.getReader();
  if (reader === undefined) {
    return new Uint8Array();
  }
  try {
    return await collect(reader, total, onProgress);
  } finally {
    // Frees the connection where a piece could not be taken; of no effect at the end of the body.
    await reader.cancel().catch(() => undefined);
  }
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  total: number | undefined,
  onProgress: FetchOptions['onProgress'],
): Promise<Uint8Array> {
  let bytes = allocate(total ?? 2 ** 20);
  let loaded = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return loaded === bytes.byteLength ? bytes : bytes.slice(0, loaded);
    }
    if (loaded + value.byteLength > bytes.byteLength) {
      const larger = allocate(Math.max(2 * bytes.byteLength, loaded + value.byteLength));
      larger.set(bytes.subarray(0, loaded));
      bytes = larger;
    }
    bytes.set(value, loaded);
    loaded += value.byteLength;
    onProgress?.({ loaded, total });
  }
}

function announcedLength(response: Response): number | undefined {
  // Of a compressed response this is the compressed length.
  if (response.headers.has('content-encoding')) {
    return undefined;
  }
  const text = response.headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function allocate(byteLength: number): Uint8Array {
  try {
    return new Uint8Array(byteLength);
  } catch (cause) {
    throw new WeightsError(
      'fetch-failed',
      `the download is ${byteLength} bytes, more than this machine gives at once. Use a sharded or smaller file`,
      { cause },
    );
  }
}

/** Without user name, password and query, which may hold secrets. */
export function publicPart(url: string | URL): string {
  return quote(
    String(url)
      .replace(/[?#].*$/s, '')
      .replace(/\/\/[^/@]*@/, '//'),
  );
}

/** Why a request failed. */
export function describeFailure(cause: unknown): string {
  // Node's fetch says only "fetch failed", and why in the cause.
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return reason instanceof Error ? reason.message : String(reason);
}
