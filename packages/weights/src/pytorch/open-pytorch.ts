import type { ByteSource } from '../byte-source.ts';
import { verifyContent, type VerifyOptions } from '../digest.ts';
import { dtypeSize } from '../dtype.ts';
import { sniffFormat } from '../sniff-format.ts';
import { sha256OfBytes, sha256OfSource } from '../sha256.ts';
import { bytesPerChunk, findTensor, placeIn } from '../stored-tensors.ts';
import type { ChunkOptions, FilePlace, OpenWeights, WeightInfo } from '../weight-store.ts';
import { quote, WeightsError } from '../weights-error.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readLegacyCheckpoint } from './legacy-checkpoint.ts';
import { type PickledTensor, spanOf } from './pickled-tensor.ts';
import { selectStateDict } from './state-dict.ts';
import { gatherElements, isContiguous } from './strided-elements.ts';
import { readZipCheckpoint } from './zip-checkpoint.ts';

export interface PyTorchOptions extends VerifyOptions {
  /**
   * The dictionary key that leads to the state dict, or several from the outside in, such as `model`. By default the root
   * if it holds tensors alone, else the one of `model`, `state_dict` and `ema` that holds any, else the root.
   */
  readonly key?: string | readonly string[];
  /**
   * Take a checkpoint that pickles whole objects, such as a `torch.nn.Module`: those of unknown classes become inert
   * records, of which only the tensors are used. Default false, which refuses the file and names the class. Either way
   * nothing that a pickle names is ever run.
   */
  readonly allowOpaqueObjects?: boolean;
  /** Use this as the store's fingerprint. Saves the hash of content in memory. */
  readonly fingerprint?: string;
  readonly signal?: AbortSignal;
}

/** Storages that are located at the same time. */
const readsAtOnce = 32;

/**
 * Opens a checkpoint of `torch.save`, usually called `.pt` or `.pth`: the zip format since PyTorch 1.6, or the one before.
 *
 * Only the directory and the pickle are read, and every tensor is checked to lie inside the file. The pickle is not run as
 * Python would: it can only describe tensors and plain values, and one that names anything else is refused. Tensors are
 * read when asked for, those that lie transposed in the file are put in order then. Values that are no tensors are left
 * out; texts and numbers beside the tensors are the metadata.
 *
 * The fingerprint is made as by {@link openSafetensors}, with the option `key` if that was given. The store takes over the
 * source: closing one closes the other. If this throws, the caller still owns the source.
 *
 * @throws WeightsError with code `forbidden-global` if the pickle names a class or function that is not needed to describe
 *   tensors, `state-dict` if it is not clear where the tensors are, `checksum-mismatch` if the content does not have the
 *   given hash, and others if the file is malformed or in a form that is not read
 */
export async function openPyTorch(
  source: ByteSource,
  options: PyTorchOptions = {},
): Promise<OpenWeights> {
  const { key, signal } = options;
  const path = typeof key === 'string' ? [key] : key;
  const explain = (): Promise<unknown> => readCheckpoint(source, options);
  const verified = await verifyContent(source, options, explain, signal);
  const checkpoint = await readCheckpoint(source, options);
  const { tensors, metadata } = selectStateDict(checkpoint.root, path);
  const placed = await placeTensors(source, checkpoint, tensors, signal);
  const fingerprint =
    options.fingerprint ?? (await fingerprintOf(source, checkpoint, verified, path, signal));
  return new PyTorchFile(source, placed, metadata, fingerprint);
}

async function readCheckpoint(source: ByteSource, options: PyTorchOptions): Promise<Checkpoint> {
  const { allowOpaqueObjects = false, signal } = options;
  const format = await sniffFormat(source, signal);
  if (format === 'safetensors') {
    throw new WeightsError(
      'format',
      'this is a safetensors file, expected one of torch.save. Use openSafetensors or openWeights',
    );
  }
  const read = format === 'zip' ? readZipCheckpoint : readLegacyCheckpoint;
  return read(source, { allowOpaqueObjects, signal });
}

async function fingerprintOf(
  source: ByteSource,
  { description }: Checkpoint,
  verified: string | undefined,
  path: readonly string[] | undefined,
  signal?: AbortSignal,
): Promise<string> {
  const chosen = path === undefined ? '' : `:${JSON.stringify(path)}`;
  if (verified !== undefined || source.bytes !== undefined || source.identity === undefined) {
    return `sha256:${verified ?? (await sha256OfSource(source, signal))}${chosen}`;
  }
  const parts = await Promise.all(description.map((part) => sha256OfBytes(part)));
  return `pytorch:${parts.join('-')}:${source.size}:${source.identity}${chosen}`;
}

/** A tensor and where its first element lies, counted from the start of the file. */
interface PlacedTensor extends WeightInfo {
  readonly strides: readonly number[];
  readonly start: number;
  readonly byteLength: number;
}

async function placeTensors(
  source: ByteSource,
  checkpoint: Checkpoint,
  tensors: ReadonlyMap<string, PickledTensor>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, PlacedTensor>> {
  const storages = [...new Set(Array.from(tensors.values(), ({ storage }) => storage))];
  const starts = new Map<unknown, number>();
  for (let i = 0; i < storages.length; i += readsAtOnce) {
    const some = storages.slice(i, i + readsAtOnce);
    const located = await Promise.all(some.map((storage) => checkpoint.locate(storage, signal)));
    some.forEach((storage, j) => starts.set(storage, located[j]!));
  }
  return new Map(
    Array.from(tensors, ([name, tensor]) => {
      const { storage, dtype, shape, strides, offset } = tensor;
      const size = dtypeSize(dtype);
      const byteLength = shape.includes(0)
        ? 0
        : shape.reduce((bytes, length) => bytes * length, size);
      // Strides of 0 repeat elements, so that a few bytes can claim to be any number.
      if (byteLength > source.size) {
        throw new WeightsError(
          'size',
          `tensor ${quote(name)} of shape ${quote(shape)} repeats few elements to ${byteLength} bytes, ` +
            `expected at most the ${source.size} of the whole file`,
        );
      }
      const start = starts.get(storage)! + offset * size;
      return [name, { dtype, shape, strides, start, byteLength }];
    }),
  );
}

class PyTorchFile implements OpenWeights {
  readonly tensors: ReadonlyMap<string, PlacedTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly fingerprint: string;
  readonly #source: ByteSource;

  constructor(
    source: ByteSource,
    tensors: ReadonlyMap<string, PlacedTensor>,
    metadata: ReadonlyMap<string, string>,
    fingerprint: string,
  ) {
    this.#source = source;
    this.tensors = tensors;
    this.metadata = metadata;
    this.fingerprint = fingerprint;
  }

  async read(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const tensor = findTensor(this.tensors, path);
    const { start, byteLength, dtype } = tensor;
    if (byteLength === 0) {
      signal?.throwIfAborted();
      return new Uint8Array();
    }
    if (isContiguous(tensor)) {
      return this.#source.read(start, byteLength, signal);
    }
    const span = await this.#readSpan(tensor, signal);
    const size = dtypeSize(dtype);
    return gatherElements(span, tensor, size, 0, byteLength / size);
  }

  filePlace(path: string): FilePlace | undefined {
    const tensor = findTensor(this.tensors, path);
    const { start, byteLength } = tensor;
    return byteLength > 0 && isContiguous(tensor)
      ? placeIn(this.#source, start, byteLength)
      : undefined;
  }

  async *readChunks(path: string, options: ChunkOptions = {}): AsyncGenerator<Uint8Array, void> {
    const tensor = findTensor(this.tensors, path);
    const { start, byteLength, dtype } = tensor;
    const { chunkSize, signal } = options;
    const step = bytesPerChunk(dtype, chunkSize);
    if (byteLength === 0) {
      return;
    }
    const span = isContiguous(tensor) ? undefined : await this.#readSpan(tensor, signal);
    const size = dtypeSize(dtype);
    for (let done = 0; done < byteLength; done += step) {
      const length = Math.min(step, byteLength - done);
      signal?.throwIfAborted();
      yield span === undefined
        ? await this.#source.read(start + done, length, signal)
        : gatherElements(span, tensor, size, done / size, length / size);
    }
  }

  async close(): Promise<void> {
    await this.#source.close?.();
  }

  #readSpan(tensor: PlacedTensor, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { shape, strides, dtype, start } = tensor;
    return this.#source.read(start, spanOf(shape, strides) * dtypeSize(dtype), signal);
  }
}
