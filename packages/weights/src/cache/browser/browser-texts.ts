import { memoryTexts } from '../memory-texts.ts';
import type { TextStore } from '../text-store.ts';

// Nothing is ever requested from it: the Cache API names what it keeps by web addresses.
const base = 'https://texts.samgpu.invalid/';

/** `localStorage` in pages, the Cache API in workers, memory where a browser denies both. */
export function browserTexts(folder: string): TextStore {
  const memory = memoryTexts(folder);
  const stores = [localTexts(folder), cachedTexts(folder)];
  return {
    async get(name) {
      for (const store of stores) {
        const text = await store.get(name).catch(() => undefined);
        if (text !== undefined) return text;
      }
      return memory.get(name);
    },
    async set(name, text) {
      for (const store of stores) {
        const isKept = await store.set(name, text).then(
          () => true,
          () => false,
        );
        if (isKept) return;
      }
      await memory.set(name, text);
    },
  };
}

function localTexts(folder: string): TextStore {
  // Even looking at it throws where cookies are blocked.
  const key = (name: string): string => `samgpu/${folder}/${name}`;
  return {
    async get(name) {
      return globalThis.localStorage.getItem(key(name)) ?? undefined;
    },
    async set(name, text) {
      globalThis.localStorage.setItem(key(name), text);
    },
  };
}

function cachedTexts(folder: string): TextStore {
  const open = async (): Promise<Cache> => globalThis.caches.open(`samgpu-${folder}`);
  return {
    async get(name) {
      return (await (await open()).match(base + name))?.text();
    },
    async set(name, text) {
      await (await open()).put(base + name, new Response(text));
    },
  };
}
