/**
 * A stored file, or the server's where the browser has dropped it.
 *
 * Adds the headers that isolate the page, so that threads of WebAssembly work from the second visit
 * on also where a server cannot send them.
 */
export async function answerFrom(
  caches: CacheStorage,
  cacheName: string,
  path: string,
  request: Request,
): Promise<Response> {
  const cache = await caches.open(cacheName);
  const stored = await cache.match(path);
  if (stored === undefined) return fetch(request);
  const headers = new Headers(stored.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'cross-origin');
  return new Response(stored.body, { status: 200, headers });
}
