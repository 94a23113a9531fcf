import type { ByteSource } from './byte-source.ts';
import { openFileSource } from './file-source.ts';
import { openSafetensors } from './safetensors.ts';
import { openShardedSafetensors } from './sharded-safetensors.ts';
import type { OpenWeights } from './weight-store.ts';
import { quote, WeightsError } from './weights-error.ts';
import { INDEX_NAME, WHOLE_NAME } from './write/write-sharded-safetensors.ts';

export interface WeightFolderOptions {
  readonly signal?: AbortSignal;
}

/** The files of a folder, wherever it is. */
export interface WeightFolder {
  /** For messages. */
  readonly name: string;
  /** @returns undefined for a file that is not there */
  open(name: string): Promise<ByteSource | undefined>;
}

/**
 * Opens a folder of weights, as `writeShardedSafetensors` and Hugging Face's libraries write them: what
 * `model.safetensors.index.json` lists, or else `model.safetensors`.
 *
 * @param folder - a path (Node), or something that opens files by name
 * @throws WeightsError with code `read-failed` if the folder has neither, `unsupported` for a path in a browser, and
 *   what the files' readers throw
 */
export async function openWeightFolder(
  folder: string | URL | WeightFolder,
  { signal }: WeightFolderOptions = {},
): Promise<OpenWeights> {
  const files = typeof folder === 'string' || folder instanceof URL ? onDisk(folder) : folder;
  const options = signal === undefined ? {} : { signal };
  const index = await readText(files, INDEX_NAME);
  if (index !== undefined) {
    return openShardedSafetensors(index, (name) => openPresent(files, name), options);
  }
  const source = await files.open(WHOLE_NAME);
  if (source === undefined) {
    throw new WeightsError(
      'read-failed',
      `${files.name} has neither ${INDEX_NAME} nor ${WHOLE_NAME}, expected one of them`,
    );
  }
  try {
    return await openSafetensors(source, options);
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

function onDisk(folder: string | URL): WeightFolder {
  const base = String(folder).replace(/\/$/, '');
  return {
    name: `the folder ${base}`,
    async open(name) {
      const path = folder instanceof URL ? new URL(`${base}/${name}`) : `${base}/${name}`;
      try {
        return await openFileSource(path);
      } catch (error) {
        if (isMissing(error)) {
          return undefined;
        }
        throw error;
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof WeightsError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

async function openPresent(files: WeightFolder, name: string): Promise<ByteSource> {
  const source = await files.open(name);
  if (source === undefined) {
    throw new WeightsError(
      'read-failed',
      `${files.name} has no file ${quote(name)}, which ${INDEX_NAME} lists`,
    );
  }
  return source;
}

async function readText(files: WeightFolder, name: string): Promise<string | undefined> {
  const source = await files.open(name);
  if (source === undefined) {
    return undefined;
  }
  try {
    return new TextDecoder().decode(await source.read(0, source.size));
  } finally {
    await source.close?.();
  }
}
