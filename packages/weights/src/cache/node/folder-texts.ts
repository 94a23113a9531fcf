import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { memoryTexts } from '../memory-texts.ts';
import type { TextStore } from '../text-store.ts';
import { cacheFolder } from './cache-folder.ts';

/** A file for each text. What cannot be written lasts until the process ends. */
export function folderTexts(folder: string): TextStore {
  const memory = memoryTexts(folder);
  const path = (name: string): string => join(cacheFolder(), folder, `${name}.json`);
  return {
    async get(name) {
      const kept = await memory.get(name);
      return kept ?? readFile(path(name), 'utf8').catch(() => undefined);
    },
    async set(name, text) {
      // Renamed in one step, so that no reader sees half of it.
      const part = `${path(name)}.${randomUUID()}.part`;
      try {
        await mkdir(join(cacheFolder(), folder), { recursive: true });
        await writeFile(part, text);
        await rename(part, path(name));
      } catch {
        await rm(part, { force: true }).catch(() => undefined);
        await memory.set(name, text);
      }
    },
  };
}
