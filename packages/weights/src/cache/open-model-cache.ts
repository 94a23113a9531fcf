import { storage } from '#storage';

import { createMemoryCache, sharedMemoryCache } from './memory-cache.ts';
import type { ModelCache } from './model-cache.ts';
import type { OnModelWarning } from './model-warning.ts';

export interface ModelCacheOptions {
  /**
   * Where to keep files. In Node a path or a `file:` URL (relative paths count from the working directory), in a
   * browser the name of a folder or bucket of its own.
   *
   * Default: in Node `models` in `$SAMGPU_CACHE`, or else in `$XDG_CACHE_HOME/samgpu` or `~/.cache/samgpu` (Linux),
   * `~/Library/Caches/samgpu` (macOS) or `%LOCALAPPDATA%\samgpu\Cache` (Windows); in a browser `samgpu-models`.
   */
  readonly folder?: string | URL;
  /** `'memory'` for a cache of its own that ends with the page or process, and with its last reference. */
  readonly kind?: 'default' | 'memory';
  readonly onWarning?: OnModelWarning | undefined;
}

/**
 * The place that model files are kept in between runs. Makes nothing before something is stored, except in browsers an
 * empty folder.
 *
 * A browser that has no storage or denies it, as some do in private windows, gets the page's cache in memory and a
 * warning.
 *
 * @throws WeightsError with code `argument` for a folder that this platform cannot have
 */
export async function openModelCache(options: ModelCacheOptions = {}): Promise<ModelCache> {
  if (options.kind === 'memory') {
    return createMemoryCache();
  }
  const cache = await storage.openCache(options.folder);
  if (cache === undefined) {
    options.onWarning?.({
      code: 'memory-only',
      message:
        'this browser lets the page store nothing, so models are kept in memory until the page is closed. ' +
        'Private windows and pages that are not served securely are the usual reasons',
    });
    return sharedMemoryCache();
  }
  return cache;
}
