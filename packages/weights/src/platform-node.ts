import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type ByteSource, checkRange } from './byte-source.ts';
import type { Platform } from './platform.ts';
import { WeightsError } from './weights-error.ts';

export const platform: Platform = {
  openFile,
  isFolder: async (path) => (await stat(path).catch(() => undefined))?.isDirectory() ?? false,
  createHash(algorithm) {
    const hash = createHash(algorithm);
    return {
      update(bytes) {
        hash.update(bytes);
      },
      digest: () => hash.digest('hex'),
    };
  },
};

// Below Node's limit of 2 GiB for one read, and often enough to notice an abort.
const bytesPerRead = 2 ** 26;

async function openFile(path: string | URL): Promise<ByteSource> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw new WeightsError('read-failed', `cannot open ${String(path)}: ${messageOf(cause)}`, {
      cause,
    });
  }
  const found = await handle.stat({ bigint: true });
  if (!found.isFile()) {
    await handle.close();
    throw new WeightsError('read-failed', `${String(path)} is not a file`);
  }
  const size = Number(found.size);
  return {
    size,
    file: { path: resolve(path instanceof URL ? fileURLToPath(path) : path), offset: 0 },
    // The change time cannot be set by hand, so a file that was written again differs in it.
    identity: `${found.dev}:${found.ino}:${found.mtimeNs}:${found.ctimeNs}`,
    async read(offset, length, signal) {
      checkRange(size, offset, length);
      const bytes = new Uint8Array(length);
      await readInto(handle, bytes, offset, String(path), signal);
      return bytes;
    },
    close: () => handle.close(),
  };
}

async function readInto(
  handle: FileHandle,
  bytes: Uint8Array,
  offset: number,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    signal?.throwIfAborted();
    const wanted = Math.min(bytesPerRead, bytes.byteLength - done);
    let bytesRead: number;
    try {
      ({ bytesRead } = await handle.read(bytes, done, wanted, offset + done));
    } catch (cause) {
      throw new WeightsError(
        'read-failed',
        `cannot read ${wanted} bytes at ${offset + done} of ${path}: ${messageOf(cause)}`,
        { cause },
      );
    }
    if (bytesRead === 0) {
      throw new WeightsError(
        'read-failed',
        `${path} ended at byte ${offset + done}, expected ${bytes.byteLength - done} more: ` +
          'it was cut short while it was open',
      );
    }
    done += bytesRead;
  }
  signal?.throwIfAborted();
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
