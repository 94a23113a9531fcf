/**
 * Keeps the whole Studio on the device: page, code, ONNX Runtime, nano and the samples.
 *
 * The build writes the list of files with their hashes into this script, so a browser sees a new
 * worker exactly when a file changed. It waits until the user agrees to the update; the page in use
 * keeps the files that it was built with.
 */
import { answerFrom } from './answer-from.ts';
import { installInto, type PrecacheEntry, versionOf } from './install-into.ts';
import type { ServiceWorkerScope } from './service-worker-scope.ts';

declare const __STUDIO_PRECACHE__: readonly PrecacheEntry[];

const scope = globalThis as unknown as ServiceWorkerScope;
const PREFIX = 'samgpu-studio-';
const entries = __STUDIO_PRECACHE__;
const cacheName = PREFIX + versionOf(entries);

scope.addEventListener('install', (event) => {
  event.waitUntil(installInto(cacheName, entries, scope));
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await scope.caches.keys();
      const old = names.filter((name) => name.startsWith(PREFIX) && name !== cacheName);
      await Promise.all(old.map((name) => scope.caches.delete(name)));
      await scope.clients.claim();
    })(),
  );
});

scope.addEventListener('message', ({ data }) => {
  if (data === 'update') void scope.skipWaiting();
});

const paths = new Set(entries.map(([path]) => new URL(path, scope.registration.scope).pathname));

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== scope.location.origin) return;
  const root = new URL('index.html', scope.registration.scope);
  // Any address in the scope is the one page; what was asked for beyond that is in its query.
  const path = request.mode === 'navigate' && !paths.has(pathname) ? root.pathname : pathname;
  if (!paths.has(path)) return;
  event.respondWith(answerFrom(scope.caches, cacheName, path, request));
});
