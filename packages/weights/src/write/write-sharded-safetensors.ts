import { CHANNEL_AXES } from '../channel-scales.ts';
import type { WeightInfo, WeightStore } from '../weight-store.ts';
import { WeightsError } from '../weights-error.ts';
import { type CreateFile, writeFile, type WrittenFile, writeTextFile } from './file-sink.ts';
import { layOutSafetensors, tensorBytes } from './safetensors-layout.ts';
import { expectBytes } from './write-safetensors.ts';

export interface WriteShardedOptions {
  /**
   * Bytes of tensors that one file may hold; a tensor that is larger has a file of its own.
   *
   * @defaultValue 500 000 000: browsers store and resume files of that size well
   */
  readonly shardBytes?: number;
  /** Notes for each file, beside `format`, which other readers ask for. */
  readonly metadata?: Iterable<readonly [string, string]>;
  readonly signal?: AbortSignal;
  /** Called after each tensor, with bytes of tensors. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

const DEFAULT_SHARD_BYTES = 500_000_000;

/** The file of weights that are not split. */
export const WHOLE_NAME = 'model.safetensors';

/** The file that says which tensor lies in which shard. */
export const INDEX_NAME = 'model.safetensors.index.json';

/**
 * Writes a store as Hugging Face lays it out: `model.safetensors`, or where that would be too large
 * `model-00001-of-00003.safetensors` and so on, and `model.safetensors.index.json`.
 *
 * Tensors are read and written one at a time. The scales of a quantised tensor lie in the same file.
 *
 * @returns the files in the order in which they were written
 * @throws WeightsError if a tensor is not what the store says, and what the store and the files throw
 */
export async function writeShardedSafetensors(
  store: WeightStore,
  create: CreateFile,
  options: WriteShardedOptions = {},
): Promise<WrittenFile[]> {
  const { shardBytes = DEFAULT_SHARD_BYTES, metadata = [], signal, onProgress } = options;
  if (!(shardBytes >= 1)) {
    throw new WeightsError('argument', `shardBytes is ${shardBytes}, expected at least 1`);
  }
  const shards = splitIntoShards(store.tensors, shardBytes);
  const total = shards.flat().reduce((sum, [, info]) => sum + tensorBytes(info), 0);
  let done = 0;
  const advance = (bytes: number): void => {
    done += bytes;
    onProgress?.({ done, total });
  };
  const files: WrittenFile[] = [];
  for (const [index, tensors] of shards.entries()) {
    const name = shardName(index, shards.length);
    const notes = [['format', 'pt'], ...metadata, ...axesNote(tensors)] as const;
    const { head, order } = layOutSafetensors(tensors, notes);
    const fill = async (write: (bytes: Uint8Array) => Promise<void>): Promise<void> => {
      await write(head);
      for (const path of order) {
        const bytes = await store.read(path, signal);
        expectBytes(path, store.tensors.get(path)!, bytes);
        await write(bytes);
        signal?.throwIfAborted();
        advance(bytes.byteLength);
      }
    };
    files.push(await writeFile(name, create, fill));
  }
  if (shards.length > 1) {
    files.push(await writeTextFile(INDEX_NAME, indexJson(shards, total), create));
  }
  return files;
}

type Named = readonly [path: string, info: WeightInfo];

function splitIntoShards(
  tensors: ReadonlyMap<string, WeightInfo>,
  shardBytes: number,
): readonly (readonly Named[])[] {
  const shards: Named[][] = [];
  let room = 0;
  for (const group of withTheirScales(tensors)) {
    const bytes = group.reduce((sum, [, info]) => sum + tensorBytes(info), 0);
    let shard = shards.at(-1);
    if (shard === undefined || bytes > room) {
      shard = [];
      shards.push(shard);
      room = shardBytes;
    }
    shard.push(...group);
    room -= bytes;
  }
  // A store without tensors is a file without tensors.
  return shards.length === 0 ? [[]] : shards;
}

/** Each tensor, a quantised one together with its scales. */
function withTheirScales(tensors: ReadonlyMap<string, WeightInfo>): readonly (readonly Named[])[] {
  const scales = new Set(Array.from(tensors.values(), (info) => info.scales?.path));
  return [...tensors]
    .filter(([path]) => !scales.has(path))
    .map((named): readonly Named[] => {
      const path = named[1].scales?.path;
      const info = path === undefined ? undefined : tensors.get(path);
      return path === undefined || info === undefined ? [named] : [named, [path, info]];
    });
}

function shardName(index: number, count: number): string {
  const number = (value: number): string => String(value).padStart(5, '0');
  return count === 1 ? WHOLE_NAME : `model-${number(index + 1)}-of-${number(count)}.safetensors`;
}

function axesNote(tensors: readonly Named[]): readonly (readonly [string, string])[] {
  const axes = tensors.flatMap(([path, { scales }]) =>
    scales === undefined || scales.axis === 0 ? [] : [[path, scales.axis] as const],
  );
  return axes.length === 0 ? [] : [[CHANNEL_AXES, JSON.stringify(Object.fromEntries(axes))]];
}

function indexJson(shards: readonly (readonly Named[])[], total: number): string {
  const places = shards.flatMap((tensors, index) =>
    tensors.map(([path]) => [path, shardName(index, shards.length)] as const),
  );
  // Sorted, as the official writer does. Names that are numbers come first in any object.
  places.sort(([a], [b]) => (a < b ? -1 : 1));
  const index = { metadata: { total_size: total }, weight_map: Object.fromEntries(places) };
  return `${JSON.stringify(index, undefined, 2)}\n`;
}
