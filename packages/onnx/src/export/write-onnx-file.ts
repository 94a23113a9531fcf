import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Graph, WeightStore } from '@samgpu/graph';
import { messageOf, OnnxError } from '../onnx-error.ts';
import { readPieces } from './export-onnx.ts';
import type { PiecedFile } from './model-plan.ts';
import { type ExportOptions, planGraph } from './plan-graph.ts';

export interface WriteOptions extends Omit<ExportOptions, 'externalLocation'> {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a graph and its weights as an ONNX file, one weight in memory at a time.
 *
 * With external data there is a second file beside it, called like the first with `.data` behind
 * it. Files appear under their names when they are complete, the model last.
 *
 * @param path - of the model, usually ending in `.onnx`; what is there is replaced
 * @returns the paths of the files that were written, the model first
 * @throws OnnxError with code `weights` where a weight is missing or does not fit the graph, and
 * with code `file` where a file cannot be written
 */
export async function writeOnnxFile(
  graph: Graph,
  weights: WeightStore,
  path: string,
  { signal, ...options }: WriteOptions = {},
): Promise<string[]> {
  signal?.throwIfAborted();
  const externalLocation = `${basename(path)}.data`;
  const { model, external } = planGraph(graph, weights, { ...options, externalLocation });
  const files = [
    { path, content: model },
    ...external.map((file) => ({ path: join(dirname(path), file.location), content: file })),
  ].map((file) => ({ ...file, temporary: `${file.path}.${randomUUID()}.tmp` }));
  try {
    for (const { temporary, content } of files) {
      await writeFile(temporary, content, weights, signal);
    }
    for (const file of files.toReversed()) {
      await atPath(file.path, () => rename(file.temporary, file.path));
    }
  } finally {
    await Promise.all(files.map(({ temporary }) => rm(temporary, { force: true })));
  }
  return files.map((file) => file.path);
}

async function writeFile(
  path: string,
  content: PiecedFile,
  weights: WeightStore,
  signal: AbortSignal | undefined,
): Promise<void> {
  const handle = await atPath(path, () => open(path, 'wx'));
  try {
    for await (const chunk of readPieces(content, weights)) {
      signal?.throwIfAborted();
      await atPath(path, () => writeFully(handle, chunk));
    }
    await atPath(path, () => handle.sync());
  } finally {
    await handle.close();
  }
}

// Below Node's limit of 2 GiB for one write.
const MOST_BYTES = 2 ** 30;

async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.byteLength;) {
    const length = Math.min(MOST_BYTES, bytes.byteLength - offset);
    const { bytesWritten } = await handle.write(bytes, offset, length);
    offset += bytesWritten;
  }
}

async function atPath<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new OnnxError('file', `cannot write ${path}: ${messageOf(cause)}`, { cause });
  }
}
