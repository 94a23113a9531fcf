import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { modelFolder } from './node/cache-folder.ts';
import { FolderCache } from './node/folder-cache.ts';
import { folderTexts } from './node/folder-texts.ts';
import type { StoragePlatform } from './storage.ts';

export const storage: StoragePlatform = {
  async openCache(folder) {
    const path = folder === undefined ? modelFolder() : pathOf(folder);
    return new FolderCache(resolve(path));
  },
  openTexts: folderTexts,
  fallsBackToMemory: false,
  modelBase: () => process.env['SAMGPU_MODEL_BASE'] || undefined,
  // One letter before the colon is a drive.
  toUrl: (text) => (/^[a-z][a-z0-9+.-]+:/i.test(text) ? new URL(text) : pathToFileURL(text)),
  // A compressed body has another length than the file, and cannot be resumed.
  headers: { 'accept-encoding': 'identity' },
  isForeign: () => false,
};

function pathOf(folder: string | URL): string {
  return folder instanceof URL || folder.startsWith('file:') ? fileURLToPath(folder) : folder;
}
