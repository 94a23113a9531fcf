import type { ByteSource } from './byte-source.ts';
import { pairScales, parseChannelAxes } from './channel-scales.ts';
import { openSafetensors } from './safetensors.ts';
import { sha256OfBytes } from './sha256.ts';
import { membersOf, parseStrictObject } from './strict-json.ts';
import type { ChunkOptions, FilePlace, OpenWeights, WeightInfo } from './weight-store.ts';
import { quote, WeightsError } from './weights-error.ts';

export interface ShardedSafetensorsOptions {
  /** SHA-256 by shard name. Shards that are not listed are not checked. */
  readonly sha256?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
}

/**
 * Opens weights that are spread over several safetensors files by a `model.safetensors.index.json`.
 *
 * Every shard is opened for its header, one after another, since only the shards know shapes and dtypes. Tensors are
 * read when asked for. The metadata are the index's own.
 *
 * @param indexJson - the index file's text
 * @param openShard - opens a shard by the name that the index gives it, which is checked to be a plain relative path:
 *   letters, digits and `. _ - /`, without `..`. The store closes the sources
 * @throws WeightsError if the index is malformed, a shard is, or they do not hold the same tensors
 */
export async function openShardedSafetensors(
  indexJson: string,
  openShard: (name: string) => Promise<ByteSource>,
  options: ShardedSafetensorsOptions = {},
): Promise<OpenWeights> {
  const { shardOf, metadata } = parseIndex(indexJson);
  const shards = new Map<string, OpenWeights>();
  try {
    for (const name of new Set(shardOf.values())) {
      shards.set(name, await open(name, openShard, options));
    }
    const tensors = mergeTensors(shardOf, shards);
    const fingerprint = await fingerprintOf(shards);
    return new ShardedSafetensors(tensors, metadata, fingerprint, shardOf, shards);
  } catch (error) {
    await closeAll(shards.values());
    throw error;
  }
}

async function fingerprintOf(shards: ReadonlyMap<string, OpenWeights>): Promise<string> {
  const parts = Array.from(shards, ([name, store]) => JSON.stringify([name, store.fingerprint]));
  const text = parts.sort().join();
  return `shards:${await sha256OfBytes(new TextEncoder().encode(text))}`;
}

interface ShardIndex {
  /** Tensor name to shard name. */
  readonly shardOf: ReadonlyMap<string, string>;
  readonly metadata: ReadonlyMap<string, string>;
}

function parseIndex(json: string): ShardIndex {
  const members = parseStrictObject(json, 'the shard index', 'shard-index');
  const weightMap = membersOf(members.get('weight_map'));
  if (weightMap === undefined) {
    throw new WeightsError(
      'shard-index',
      `the shard index has weight_map ${quote(members.get('weight_map'))}, ` +
        'expected an object from tensor name to file name',
    );
  }
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of weightMap) {
    if (typeof shard !== 'string' || !isPlainPath(shard)) {
      throw new WeightsError(
        'shard-index',
        `the shard index puts tensor ${quote(tensor)} into ${quote(shard)}, ` +
          'expected a relative file name of letters, digits, ".", "_" and "-"',
      );
    }
    shardOf.set(tensor, shard);
  }
  const metadata = new Map<string, string>();
  for (const [key, value] of membersOf(members.get('metadata')) ?? []) {
    metadata.set(key, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return { shardOf, metadata };
}

/** What cannot leave a folder, be it joined to a path or resolved as a URL (where `%2e%2e` also means the parent). */
export function isPlainPath(name: string): boolean {
  return name.split('/').every((part) => /^[\p{L}\p{N}._-]+$/u.test(part) && !/^\.+$/.test(part));
}

async function open(
  name: string,
  openShard: (name: string) => Promise<ByteSource>,
  { sha256, signal }: ShardedSafetensorsOptions,
): Promise<OpenWeights> {
  const source = await openShard(name);
  const wanted = sha256?.get(name);
  try {
    return await openSafetensors(source, {
      ...(wanted !== undefined && { sha256: wanted }),
      ...(signal && { signal }),
    });
  } catch (cause) {
    await source.close?.();
    if (cause instanceof WeightsError) {
      throw new WeightsError(cause.code, `shard ${quote(name)}: ${cause.message}`, { cause });
    }
    throw cause;
  }
}

function mergeTensors(
  shardOf: ReadonlyMap<string, string>,
  shards: ReadonlyMap<string, OpenWeights>,
): ReadonlyMap<string, WeightInfo> {
  const tensors = new Map<string, WeightInfo>();
  for (const [shard, store] of shards) {
    for (const [tensor, info] of store.tensors) {
      const listed = shardOf.get(tensor);
      if (listed !== shard) {
        const place = listed === undefined ? 'does not list' : `puts into ${quote(listed)}`;
        throw new WeightsError(
          listed === undefined ? 'shard-index' : 'duplicate-name',
          `shard ${quote(shard)} holds tensor ${quote(tensor)}, which the index ${place}`,
        );
      }
      tensors.set(tensor, info);
    }
  }
  for (const [tensor, shard] of shardOf) {
    if (!tensors.has(tensor)) {
      throw new WeightsError(
        'shard-index',
        `the index puts tensor ${quote(tensor)} into shard ${quote(shard)}, which does not hold it`,
      );
    }
  }
  // A shard knows of the scales that lie in it, and here of those in the others.
  const axes = [...shards.values()].flatMap(({ metadata }) => [...parseChannelAxes(metadata)]);
  return pairScales(tensors, new Map(axes));
}

async function closeAll(stores: Iterable<OpenWeights>): Promise<void> {
  await Promise.all(Array.from(stores, (store) => store.close()));
}

class ShardedSafetensors implements OpenWeights {
  readonly tensors: ReadonlyMap<string, WeightInfo>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly fingerprint: string;
  readonly #shardOf: ReadonlyMap<string, string>;
  readonly #shards: ReadonlyMap<string, OpenWeights>;

  constructor(
    tensors: ReadonlyMap<string, WeightInfo>,
    metadata: ReadonlyMap<string, string>,
    fingerprint: string,
    shardOf: ReadonlyMap<string, string>,
    shards: ReadonlyMap<string, OpenWeights>,
  ) {
    this.tensors = tensors;
    this.metadata = metadata;
    this.fingerprint = fingerprint;
    this.#shardOf = shardOf;
    this.#shards = shards;
  }

  async read(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#find(path).read(path, signal);
  }

  filePlace(path: string): FilePlace | undefined {
    return this.#find(path).filePlace?.(path);
  }

  async *readChunks(path: string, options?: ChunkOptions): AsyncGenerator<Uint8Array, void> {
    yield* this.#find(path).readChunks(path, options);
  }

  async close(): Promise<void> {
    await closeAll(this.#shards.values());
  }

  #find(path: string): OpenWeights {
    const shard = this.#shards.get(this.#shardOf.get(path) ?? '');
    if (shard === undefined) {
      throw new WeightsError(
        'missing-tensor',
        `there is no tensor ${quote(path)} among the ${this.tensors.size} of ${this.#shards.size} shards`,
      );
    }
    return shard;
  }
}
