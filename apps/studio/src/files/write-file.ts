import { DocumentError, type DocumentErrorCode } from '@samgpu/document';

import type { ExportOptions } from './exporters.ts';
import type { FormatId } from './format-names.ts';
import type { StudioDocument } from './studio-document.ts';
import { portableDocument, type WriteAnswer, type WriteRequest } from './worker/messages.ts';

/** Longer than any browser takes to start a worker that it starts at all. */
const startPatience = 10_000;

/**
 * Writes a document without holding up the page: in a worker, or here where the page may have none, as
 * in a sandboxed frame.
 *
 * @throws DocumentError; what `signal` was aborted with, at once
 */
export async function writeFile(
  format: FormatId,
  document: StudioDocument,
  options: ExportOptions = {},
  signal?: AbortSignal,
): Promise<Blob> {
  signal?.throwIfAborted();
  const worker = await startWorker();
  if (worker === undefined) {
    const { exporters } = await import('./exporters.ts');
    const blob = await exporters[format].write(document, options);
    signal?.throwIfAborted();
    return blob;
  }
  try {
    // It may have been while the worker started.
    signal?.throwIfAborted();
    return await ask(worker, { format, document: portableDocument(document), options }, signal);
  } finally {
    worker.terminate();
  }
}

async function startWorker(): Promise<Worker | undefined> {
  let worker: Worker;
  try {
    worker = new Worker(new URL('./worker/file-worker.ts', import.meta.url), { type: 'module' });
  } catch {
    return undefined;
  }
  return new Promise((resolve) => {
    const fail = (): void => {
      worker.terminate();
      resolve(undefined);
    };
    const timer = setTimeout(fail, startPatience);
    worker.addEventListener('error', fail, { once: true });
    worker.addEventListener(
      'message',
      () => {
        clearTimeout(timer);
        worker.removeEventListener('error', fail);
        resolve(worker);
      },
      { once: true },
    );
  });
}

function ask(
  worker: Worker,
  request: WriteRequest,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal!.reason as Error);
    signal?.addEventListener('abort', stop, { once: true });
    const end = (): void => signal?.removeEventListener('abort', stop);
    worker.addEventListener('message', ({ data }: MessageEvent<WriteAnswer>) => {
      end();
      if (data.kind === 'written') resolve(data.blob);
      else if (data.kind === 'failed') {
        const { code, message } = data;
        reject(
          code === undefined
            ? new Error(message)
            : new DocumentError(code as DocumentErrorCode, message),
        );
      }
    });
    worker.addEventListener('error', ({ message }) => {
      end();
      reject(
        new Error(`Writing stopped: ${message}. The picture may be too large for this device.`),
      );
    });
    worker.postMessage(request, { transfer: [] });
  });
}
