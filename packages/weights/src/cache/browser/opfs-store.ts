import type { BlobStore } from './blob-store.ts';

/** What only dedicated workers have, so it is not among the types of a page. */
interface SyncAccessHandle {
  truncate(size: number): void;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  flush(): void;
  close(): void;
}

interface FileHandle extends Omit<FileSystemFileHandle, 'createWritable'> {
  createWritable?: FileSystemFileHandle['createWritable'];
  createSyncAccessHandle?: () => Promise<SyncAccessHandle>;
}

/** The origin private file system. */
export async function openOpfsStore(folder: string): Promise<BlobStore | undefined> {
  const storage = globalThis.navigator?.storage as Partial<StorageManager> | undefined;
  if (storage?.getDirectory === undefined || !canWrite()) {
    return undefined;
  }
  let directory: FileSystemDirectoryHandle;
  try {
    const root = await storage.getDirectory();
    directory = await root.getDirectoryHandle(folder, { create: true });
  } catch {
    return undefined;
  }
  const present = async <T>(promise: Promise<T>): Promise<T | undefined> => {
    try {
      return await promise;
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'NotFoundError') {
        return undefined;
      }
      throw cause;
    }
  };
  return {
    kind: 'opfs',
    location: `opfs:${folder}`,
    async read(name) {
      const handle = await present(directory.getFileHandle(name));
      return handle && present(handle.getFile());
    },
    async write(name, bytes) {
      await writeFile(await directory.getFileHandle(name, { create: true }), bytes);
    },
    async remove(name) {
      await present(directory.removeEntry(name));
    },
    async list() {
      const sizes = new Map<string, number>();
      for await (const [name, handle] of directory.entries()) {
        if (handle.kind === 'file') {
          const file = await present(handle.getFile());
          if (file !== undefined) {
            sizes.set(name, file.size);
          }
        }
      }
      return sizes;
    },
  };
}

/** Older versions of Safari write in workers only. */
function canWrite(): boolean {
  const handle = (globalThis as { FileSystemFileHandle?: { readonly prototype: object } })
    .FileSystemFileHandle?.prototype;
  return handle !== undefined && ('createWritable' in handle || 'createSyncAccessHandle' in handle);
}

async function writeFile(handle: FileHandle, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (handle.createWritable !== undefined) {
    const stream = await handle.createWritable();
    try {
      // Asks for the room. Chromium may call a write that outgrows the quota a broken pipe.
      await stream.truncate(bytes.byteLength);
      await stream.write(bytes);
    } catch (cause) {
      await stream.abort().catch(() => undefined);
      throw cause;
    }
    await stream.close();
    return;
  }
  const access = await handle.createSyncAccessHandle!();
  try {
    access.truncate(bytes.byteLength);
    for (let done = 0; done < bytes.byteLength;) {
      const written = access.write(bytes.subarray(done), { at: done });
      if (written === 0) throw new DOMException('no more could be written', 'QuotaExceededError');
      done += written;
    }
    access.flush();
  } finally {
    access.close();
  }
}
