import type { StorageFolder } from './storage-folder.ts';

/** For pages that get no storage: what is in it is gone with the page. */
export class MemoryFolder implements StorageFolder {
  readonly #files = new Map<string, Blob>();
  readonly #folders = new Map<string, MemoryFolder>();

  async folders(): Promise<string[]> {
    return [...this.#folders.keys()];
  }

  async folder(name: string): Promise<StorageFolder> {
    let folder = this.#folders.get(name);
    if (folder === undefined) {
      folder = new MemoryFolder();
      this.#folders.set(name, folder);
    }
    return folder;
  }

  async removeFolder(name: string): Promise<void> {
    this.#folders.delete(name);
  }

  async files(): Promise<string[]> {
    return [...this.#files.keys()];
  }

  async read(name: string): Promise<Blob | undefined> {
    return this.#files.get(name);
  }

  async write(name: string, content: Blob): Promise<void> {
    this.#files.set(name, content);
  }

  async remove(name: string): Promise<void> {
    this.#files.delete(name);
  }
}
