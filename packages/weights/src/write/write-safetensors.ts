import type { WeightInfo } from '../weight-store.ts';
import { quote, WeightsError } from '../weights-error.ts';
import { layOutSafetensors, tensorBytes } from './safetensors-layout.ts';

export interface TensorToWrite extends WeightInfo {
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array;
}

/**
 * A safetensors file with these tensors, byte for byte what the official writer makes of them.
 *
 * @param tensors - such as a `Map` from name to tensor
 * @throws WeightsError if a tensor's bytes do not fit its shape, or a name is used twice or cannot be written
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, TensorToWrite]>,
  metadata: Iterable<readonly [string, string]> = [],
): Uint8Array {
  const entries = [...tensors];
  const { head, order, byteLength } = layOutSafetensors(entries, metadata);
  const named = new Map(entries);
  for (const [name, tensor] of entries) {
    expectBytes(name, tensor, tensor.bytes);
  }
  const file = new Uint8Array(byteLength);
  file.set(head);
  let offset = head.byteLength;
  for (const name of order) {
    const { bytes } = named.get(name)!;
    file.set(bytes, offset);
    offset += bytes.byteLength;
  }
  return file;
}

/** @throws WeightsError with code `size` unless these are as many bytes as the tensor has */
export function expectBytes(name: string, info: WeightInfo, bytes: Uint8Array): void {
  const wanted = tensorBytes(info);
  if (bytes.byteLength !== wanted) {
    throw new WeightsError(
      'size',
      `tensor ${quote(name)} has ${bytes.byteLength} bytes, expected ${wanted} for ${info.dtype} ${quote(info.shape)}`,
    );
  }
}
