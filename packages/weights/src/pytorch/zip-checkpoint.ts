// The format of torch.save since PyTorch 1.6 (torch/serialization.py and caffe2/serialize/inline_container.h of PyTorch,
// BSD-3-Clause): a zip archive with everything plain under one folder, in it `data.pkl`, a file `data/<key>` for every
// storage, `version`, and since 2.1 `byteorder`.

import type { ByteSource } from '../byte-source.ts';
import { quote, WeightsError } from '../weights-error.ts';
import {
  type Checkpoint,
  checkpointEnvironment,
  type CheckpointOptions,
  largestPickle,
} from './checkpoint.ts';
import { StorageTable } from './rebuild-tensor.ts';
import { unpickle } from './unpickle.ts';
import { locateEntry, readZipDirectory, type ZipDirectory } from './zip-directory.ts';
import type { ZipEntry } from './zip-entries.ts';

/** `kMaxSupportedFileFormatVersion` of PyTorch 2. */
const newestVersion = 10;
/** Room for a number or a word. */
const longestNote = 64;

/** @throws WeightsError if the archive is malformed or not what `torch.save` writes */
export async function readZipCheckpoint(
  source: ByteSource,
  options: CheckpointOptions,
): Promise<Checkpoint> {
  const { signal } = options;
  const directory = await readZipDirectory(source, signal);
  const folder = findFolder(directory);
  const archive = new Archive(source, directory, folder);
  await checkNotes(archive, signal);
  const pickle = await archive.read('data.pkl', largestPickle, signal);
  const storages = new StorageTable();
  const environment = checkpointEnvironment(storages, options);
  const { value, end } = unpickle(pickle, 0, environment, 'data.pkl');
  if (end !== pickle.byteLength) {
    throw new WeightsError(
      'trailing-bytes',
      `data.pkl goes on for ${pickle.byteLength - end} bytes after its pickle`,
    );
  }
  for (const { key, byteLength } of storages.references.values()) {
    archive.find(`data/${key}`, byteLength);
  }
  return {
    root: value,
    description: [directory.bytes, pickle],
    locate: ({ key, byteLength }, signal) =>
      locateEntry(source, archive.find(`data/${key}`, byteLength), signal),
  };
}

function findFolder({ entries }: ZipDirectory): string {
  const folders = Array.from(
    entries.keys(),
    (name) => /^([^/]+\/)data\.pkl$/.exec(name)?.[1] ?? '',
  ).filter((folder) => folder !== '');
  const [folder] = folders;
  if (folder !== undefined && folders.length === 1) {
    if (entries.has(`${folder}constants.pkl`)) {
      throw new WeightsError(
        'format',
        'this is a TorchScript program, not a checkpoint. Save the state dict of the model that was scripted',
      );
    }
    return folder;
  }
  const packed = [...entries.keys()].find((name) => /\.(pth?|safetensors|bin|ckpt)$/.test(name));
  throw new WeightsError(
    'format',
    `the zip archive has ${folders.length} files "…/data.pkl" among its ${entries.size}, expected one as torch.save ` +
      (packed === undefined
        ? 'writes it'
        : `writes it. The checkpoint may be ${quote(packed)} in it: unpack the archive`),
  );
}

class Archive {
  readonly #source: ByteSource;
  readonly #directory: ZipDirectory;
  readonly #folder: string;

  constructor(source: ByteSource, directory: ZipDirectory, folder: string) {
    this.#source = source;
    this.#directory = directory;
    this.#folder = folder;
  }

  has(name: string): boolean {
    return this.#directory.entries.has(this.#folder + name);
  }

  find(name: string, byteLength?: number): ZipEntry {
    const entry = this.#directory.entries.get(this.#folder + name);
    if (entry === undefined) {
      throw new WeightsError(
        'truncated',
        `the checkpoint lacks ${quote(this.#folder + name)}, which its pickle refers to`,
      );
    }
    if (byteLength !== undefined && entry.method === 0 && entry.byteLength !== byteLength) {
      throw new WeightsError(
        'size',
        `${quote(entry.name)} has ${entry.byteLength} bytes, expected ${byteLength} by the pickle`,
      );
    }
    return entry;
  }

  async read(name: string, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
    const entry = this.find(name);
    if (entry.byteLength > limit) {
      throw new WeightsError(
        'pickle',
        `${quote(entry.name)} has ${entry.byteLength} bytes, expected at most ${limit}`,
      );
    }
    const start = await locateEntry(this.#source, entry, signal);
    return this.#source.read(start, entry.byteLength, signal);
  }
}

async function checkNotes(archive: Archive, signal?: AbortSignal): Promise<void> {
  if (archive.has('version')) {
    const version = textOf(await archive.read('version', longestNote, signal));
    if (!/^\d+$/.test(version) || Number(version) > newestVersion) {
      throw new WeightsError(
        'format',
        `the checkpoint has format version ${quote(version)}, expected at most ${newestVersion}`,
      );
    }
  }
  // Older files do not say, and were all but always written on little-endian machines.
  if (archive.has('byteorder')) {
    const order = textOf(await archive.read('byteorder', longestNote, signal));
    if (order !== 'little') {
      throw new WeightsError(
        'format',
        `the checkpoint's byte order is ${quote(order)}, expected "little". Save it again on a little-endian machine`,
      );
    }
  }
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes).trim();
}
