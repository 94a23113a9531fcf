import { MemoryFolder } from './memory-folder.ts';
import { OpfsFolder } from './opfs-folder.ts';
import type { StorageFolder } from './storage-folder.ts';

/** Where projects are kept. */
export interface Storage {
  readonly folder: StorageFolder;
  /** Why they are gone with the page; undefined where they are not. */
  readonly notKeptBecause: string | undefined;
}

const probe = '.probe';

/** The browser's private file system if this page may use it, else memory. Never fails. */
export async function openStorage(name: string): Promise<Storage> {
  try {
    if (!('storage' in navigator) || !('getDirectory' in navigator.storage)) {
      return inMemory('this browser has no storage for files here');
    }
    const root = await navigator.storage.getDirectory();
    const folder = new OpfsFolder(await root.getDirectoryHandle(name, { create: true }));
    // Some browsers list files and yet write none from a page, or none in private windows.
    await folder.write(probe, new Blob(['']));
    await folder.remove(probe);
    return { folder, notKeptBecause: undefined };
  } catch (error) {
    return inMemory(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}

function inMemory(reason: string): Storage {
  return { folder: new MemoryFolder(), notKeptBecause: reason };
}
