import { SamCanvasError } from '../element-error.ts';

/** A picture that was fetched. */
export interface FetchedPicture {
  readonly blob: Blob;
  /** The file's own name, for people. */
  readonly name: string;
}

/**
 * Fetches what the attribute `src` names.
 *
 * @param credentials - as `crossorigin` of an image element says
 * @throws SamCanvasError `bad-source`
 */
export async function fetchPicture(
  source: string,
  base: string,
  credentials: RequestCredentials,
  signal: AbortSignal,
): Promise<FetchedPicture> {
  const shown = source.length > 100 ? `${source.slice(0, 100)}…` : source;
  let url: URL;
  try {
    url = new URL(source, base);
  } catch (cause) {
    throw new SamCanvasError('bad-source', `src="${shown}" is no address`, { cause });
  }
  let response: Response;
  try {
    response = await fetch(url, { credentials, signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new SamCanvasError(
      'bad-source',
      `src="${shown}" cannot be fetched. Check the address; another site has to allow it by CORS headers.`,
      { cause },
    );
  }
  if (!response.ok) {
    throw new SamCanvasError(
      'bad-source',
      `src="${shown}" was answered with HTTP status ${response.status}. Check the address.`,
    );
  }
  const blob = await response.blob();
  return { blob, name: nameOf(url) };
}

function nameOf(url: URL): string {
  if (url.protocol === 'data:' || url.protocol === 'blob:') return '';
  const last = url.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
