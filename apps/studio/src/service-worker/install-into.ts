import type { ServiceWorkerScope } from './service-worker-scope.ts';

/** A file of the site, relative to the scope, and what tells its versions apart. */
export type PrecacheEntry = readonly [path: string, hash: string];

/** Header under which a stored file keeps its hash. */
const HASH = 'x-studio-hash';

/** Changes with any file. */
export function versionOf(entries: readonly PrecacheEntry[]): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(entries)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

/** Loads all files, except those that an earlier version of the site left unchanged. */
export async function installInto(
  cacheName: string,
  entries: readonly PrecacheEntry[],
  { caches, registration }: ServiceWorkerScope,
): Promise<void> {
  const cache = await caches.open(cacheName);
  const waiting = [...entries];
  const load = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [path, hash] = next;
      const url = new URL(path, registration.scope);
      await cache.put(url, (await unchanged(caches, url, hash)) ?? (await fetched(url, hash)));
    }
  };
  // A few at once: the large ones are a handful, and phones have little to spare.
  await Promise.all(Array.from({ length: 4 }, load));
}

async function unchanged(
  caches: CacheStorage,
  url: URL,
  hash: string,
): Promise<Response | undefined> {
  const stored = await caches.match(url);
  return stored?.headers.get(HASH) === hash ? stored : undefined;
}

async function fetched(url: URL, hash: string): Promise<Response> {
  const response = await fetch(url, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${url.pathname}: status ${response.status}`);
  const headers = new Headers(response.headers);
  headers.set(HASH, hash);
  return new Response(response.body, { status: 200, headers });
}
