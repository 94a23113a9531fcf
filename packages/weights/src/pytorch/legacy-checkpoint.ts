// The format of torch.save before PyTorch 1.6, which it still writes when asked to (`_legacy_save` in
// torch/serialization.py of PyTorch, BSD-3-Clause): five pickles one after another (a magic number, the protocol version,
// the byte order, the object, the keys of its storages), then for every key the number of elements and the elements.

import type { ByteSource } from '../byte-source.ts';
import { dtypeSize } from '../dtype.ts';
import { quote, WeightsError } from '../weights-error.ts';
import {
  type Checkpoint,
  checkpointEnvironment,
  type CheckpointOptions,
  largestPickle,
} from './checkpoint.ts';
import { kindOf, PickleDictionary, PickleList, type PickleValue } from './pickle-values.ts';
import type { StorageReference } from './pickled-tensor.ts';
import { StorageTable } from './rebuild-tensor.ts';
import { unpickle } from './unpickle.ts';

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;
const countBytes = 8;
/** Enough for the pickles of nearly every model. */
const firstWindow = 2 ** 18;
/** Element counts that are read at the same time. */
const readsAtOnce = 32;

/** @throws WeightsError if the file is malformed or not what `torch.save` writes */
export async function readLegacyCheckpoint(
  source: ByteSource,
  options: CheckpointOptions,
): Promise<Checkpoint> {
  const { window, root, keys, storages, end } = await readPickles(source, options);
  const ordered = keys.map((key) => storages.references.get(key)!);
  const starts = new Map<string, number>();
  let at = end;
  for (const { key, byteLength } of ordered) {
    starts.set(key, at + countBytes);
    at += countBytes + byteLength;
  }
  if (at !== source.size) {
    throw new WeightsError(
      at > source.size ? 'truncated' : 'trailing-bytes',
      `the checkpoint's pickle describes a file of ${at} bytes, got ${source.size}: it was cut short or is not what ` +
        'torch.save wrote. Load it again',
    );
  }
  for (let i = 0; i < ordered.length; i += readsAtOnce) {
    const some = ordered.slice(i, i + readsAtOnce);
    await Promise.all(
      some.map((storage) =>
        checkCount(source, storage, starts.get(storage.key)! - countBytes, options.signal),
      ),
    );
  }
  return {
    root,
    description: [window.subarray(0, end)],
    locate: async ({ key }) => starts.get(key)!,
  };
}

interface Pickles {
  readonly root: PickleValue;
  readonly keys: readonly string[];
  readonly storages: StorageTable;
  /** Where the last pickle ends. */
  readonly end: number;
}

/** The length of the pickles is known only once they were read, so more and more of the file is taken. */
async function readPickles(
  source: ByteSource,
  options: CheckpointOptions,
): Promise<Pickles & { window: Uint8Array }> {
  const most = Math.min(source.size, largestPickle);
  for (let length = Math.min(firstWindow, most); ; length = Math.min(4 * length, most)) {
    const window = await source.read(0, length, options.signal);
    try {
      return { ...parsePickles(window, options), window };
    } catch (error) {
      const isTooShort = error instanceof WeightsError && error.code === 'truncated';
      if (!isTooShort || length === most) {
        throw error;
      }
    }
  }
}

function parsePickles(bytes: Uint8Array, options: CheckpointOptions): Pickles {
  const storages = new StorageTable();
  const environment = checkpointEnvironment(storages, options);
  let end = 0;
  const next = (what: string): PickleValue => {
    const pickle = unpickle(bytes, end, environment, what);
    end = pickle.end;
    return pickle.value;
  };
  const magic = next('the first pickle');
  if (magic !== magicNumber) {
    throw new WeightsError(
      'format',
      `the file starts with a pickle of ${kindOf(magic)}, expected the magic number of torch.save: this is another kind ` +
        'of pickle',
    );
  }
  const version = next('the protocol version');
  if (version !== protocolVersion) {
    throw new WeightsError(
      'format',
      `the checkpoint has protocol version ${typeof version === 'number' ? version : kindOf(version)}, expected ${protocolVersion}`,
    );
  }
  checkByteOrder(next('the system information'));
  const root = next('the pickle');
  return { root, keys: checkKeys(next('the storage keys'), storages), storages, end };
}

function checkByteOrder(system: PickleValue): void {
  const isLittle =
    system instanceof PickleDictionary ? system.entries.get('little_endian') : undefined;
  if (isLittle === false) {
    throw new WeightsError(
      'format',
      'the checkpoint is big-endian, expected little-endian. Save it again on a little-endian machine',
    );
  }
  if (isLittle !== true) {
    throw new WeightsError('format', 'the checkpoint does not say what byte order it has');
  }
}

/** @returns the keys, which are those of the storages that the pickle refers to, each once */
function checkKeys(value: PickleValue, { references }: StorageTable): readonly string[] {
  const items = value instanceof PickleList ? value.items : [];
  const keys = items.filter((key) => typeof key === 'string');
  if (!(value instanceof PickleList) || keys.length !== items.length) {
    throw new WeightsError(
      'pickle',
      `the storage keys are ${kindOf(value)}, expected a list of texts`,
    );
  }
  const unique = new Set(keys);
  const odd =
    keys.find((key) => !references.has(key)) ??
    [...references.keys()].find((key) => !unique.has(key));
  if (odd !== undefined || unique.size !== keys.length) {
    throw new WeightsError(
      'offsets',
      `the checkpoint lists ${keys.length} storages, expected the ${references.size} that its pickle refers to, each once` +
        (odd === undefined ? '' : `: ${quote(odd)} is in one of the two alone`),
    );
  }
  return keys;
}

async function checkCount(
  source: ByteSource,
  { key, type, byteLength }: StorageReference,
  offset: number,
  signal?: AbortSignal,
): Promise<void> {
  const bytes = await source.read(offset, countBytes, signal);
  const count = new DataView(bytes.buffer, bytes.byteOffset, countBytes).getBigInt64(0, true);
  const expected = byteLength / (type.dtype === undefined ? 1 : dtypeSize(type.dtype));
  if (count !== BigInt(expected)) {
    throw new WeightsError(
      'size',
      `storage ${quote(key)} has ${count} elements at byte ${offset} of the file, expected ${expected} by its pickle`,
    );
  }
}
