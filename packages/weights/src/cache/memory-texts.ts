import type { TextStore } from './text-store.ts';

const texts = new Map<string, string>();

/** Texts that last until the page or process ends. */
export function memoryTexts(folder: string): TextStore {
  return {
    async get(name) {
      return texts.get(`${folder}/${name}`);
    },
    async set(name, text) {
      texts.set(`${folder}/${name}`, text);
    },
  };
}
