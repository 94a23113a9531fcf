import type { BlobStore } from './blob-store.ts';

// Nothing is ever requested from it: the Cache API names what it keeps by web addresses.
const base = 'https://models.samgpu.invalid/';

/** The Cache API, for browsers whose file system cannot be written. */
export async function openCacheApiStore(folder: string): Promise<BlobStore | undefined> {
  let cache: Cache;
  try {
    // In a sandboxed frame asking for it is already an error.
    const caches = globalThis.caches as CacheStorage | undefined;
    if (caches === undefined) {
      return undefined;
    }
    cache = await caches.open(folder);
  } catch {
    return undefined;
  }
  return {
    kind: 'cache-api',
    location: `cache:${folder}`,
    async read(name) {
      return (await cache.match(base + name))?.blob();
    },
    async write(name, bytes) {
      const headers = { 'content-length': String(bytes.byteLength) };
      await cache.put(base + name, new Response(bytes, { headers }));
    },
    async remove(name) {
      await cache.delete(base + name);
    },
    async list() {
      const sizes = new Map<string, number>();
      for (const { url } of await cache.keys()) {
        const response = url.startsWith(base) ? await cache.match(url) : undefined;
        if (response !== undefined) {
          sizes.set(url.slice(base.length), Number(response.headers.get('content-length')));
        }
      }
      return sizes;
    },
  };
}
