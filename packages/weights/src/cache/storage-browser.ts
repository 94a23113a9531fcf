import { quote, WeightsError } from '../weights-error.ts';
import { browserTexts } from './browser/browser-texts.ts';
import { openCacheApiStore } from './browser/cache-api-store.ts';
import { openOpfsStore } from './browser/opfs-store.ts';
import { SegmentCache } from './browser/segment-cache.ts';
import type { StoragePlatform } from './storage.ts';

const usualFolder = 'samgpu-models';

export const storage: StoragePlatform = {
  async openCache(folder = usualFolder) {
    if (typeof folder !== 'string' || !/^[\w-][\w.-]*$/.test(folder)) {
      throw new WeightsError(
        'argument',
        `${quote(String(folder))} cannot be a cache's folder in a browser. Use a plain name without slashes`,
      );
    }
    const store = (await openOpfsStore(folder)) ?? (await openCacheApiStore(folder));
    return store && new SegmentCache(store);
  },
  openTexts: browserTexts,
  fallsBackToMemory: true,
  modelBase: () => undefined,
  toUrl: (text) => new URL(text, here()),
  // A browser sets this by itself for ranges and lets nobody else.
  headers: {},
  isForeign: ({ protocol, origin }) =>
    /^https?:$/.test(protocol) && origin !== globalThis.location?.origin,
};

function here(): string | undefined {
  return (globalThis.document as Document | undefined)?.baseURI ?? globalThis.location?.href;
}
