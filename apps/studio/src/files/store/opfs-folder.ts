import type { StorageFolder } from './storage-folder.ts';

/** A folder of the browser's private file system. */
export class OpfsFolder implements StorageFolder {
  readonly #handle: FileSystemDirectoryHandle;

  constructor(handle: FileSystemDirectoryHandle) {
    this.#handle = handle;
  }

  async folders(): Promise<string[]> {
    return this.#names('directory');
  }

  async folder(name: string): Promise<StorageFolder> {
    return new OpfsFolder(await this.#handle.getDirectoryHandle(name, { create: true }));
  }

  async removeFolder(name: string): Promise<void> {
    await unlessMissing(this.#handle.removeEntry(name, { recursive: true }));
  }

  async files(): Promise<string[]> {
    return this.#names('file');
  }

  async read(name: string): Promise<Blob | undefined> {
    const handle = await unlessMissing(this.#handle.getFileHandle(name));
    return handle?.getFile();
  }

  async write(name: string, content: Blob): Promise<void> {
    const handle = await this.#handle.getFileHandle(name, { create: true });
    const stream = await handle.createWritable();
    try {
      // Asks for the room. Chromium may call a write that outgrows the quota a broken pipe.
      await stream.truncate(content.size);
      await stream.write(content);
    } catch (error) {
      await stream.abort().catch(() => undefined);
      throw error;
    }
    // Until here the browser wrote beside the file; now it takes its place.
    await stream.close();
  }

  async remove(name: string): Promise<void> {
    await unlessMissing(this.#handle.removeEntry(name));
  }

  async #names(kind: FileSystemHandleKind): Promise<string[]> {
    const names: string[] = [];
    for await (const [name, handle] of this.#handle.entries()) {
      if (handle.kind === kind) names.push(name);
    }
    return names;
  }
}

async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}
