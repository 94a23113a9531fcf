import type { ByteSource } from './byte-source.ts';
import { dtypeSize, type WeightDtype } from './dtype.ts';
import type { FilePlace } from './weight-store.ts';
import { quote, WeightsError } from './weights-error.ts';

const defaultChunkSize = 2 ** 24;

/** @throws WeightsError with code `missing-tensor`, whose message names some that are there */
export function findTensor<Tensor>(tensors: ReadonlyMap<string, Tensor>, path: string): Tensor {
  const tensor = tensors.get(path);
  if (tensor === undefined) {
    const some = [...tensors.keys()].slice(0, 3).map((name) => quote(name));
    throw new WeightsError(
      'missing-tensor',
      `there is no tensor ${quote(path)} among the ${tensors.size} of this file` +
        (some.length > 0 ? ` (${some.join(', ')}, …)` : ''),
    );
  }
  return tensor;
}

/** Where a part of a source lies on disk. */
export function placeIn(
  { file }: ByteSource,
  offset: number,
  byteLength: number,
): FilePlace | undefined {
  return file && { file: file.path, offset: file.offset + offset, byteLength };
}

/** The bytes of one chunk: whole elements, at least one. */
export function bytesPerChunk(dtype: WeightDtype, chunkSize: number = defaultChunkSize): number {
  if (!(chunkSize >= 1)) {
    throw new WeightsError('argument', `chunkSize is ${chunkSize}, expected at least 1 byte`);
  }
  const elementSize = dtypeSize(dtype);
  return Math.max(1, Math.floor(chunkSize / elementSize)) * elementSize;
}
