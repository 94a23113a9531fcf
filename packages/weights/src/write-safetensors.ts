import { dtypeSize, layoutRank, safetensorsName } from './dtype.ts';
import type { WeightInfo } from './weight-store.ts';
import { hasLoneSurrogate, quote, WeightsError } from './weights-error.ts';

export interface TensorToWrite extends WeightInfo {
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array;
}

/**
 * A safetensors file with these tensors, laid out as the official writer does: wide dtypes first, then by name, and the
 * data 8-byte aligned, so that every tensor is aligned to its elements.
 *
 * @param tensors - such as a `Map` from name to tensor
 * @throws WeightsError if a tensor's bytes do not fit its shape, or a name is used twice or cannot be written
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, TensorToWrite]>,
  metadata: Iterable<readonly [string, string]> = [],
): Uint8Array {
  const sorted = inLayoutOrder(tensors);
  const header = encodeHeader(sorted, new Map(metadata));
  const dataLength = sorted.reduce((sum, [, { bytes }]) => sum + bytes.byteLength, 0);
  const file = new Uint8Array(8 + header.byteLength + dataLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.byteLength), true);
  file.set(header, 8);
  let offset = 8 + header.byteLength;
  for (const [, { bytes }] of sorted) {
    file.set(bytes, offset);
    offset += bytes.byteLength;
  }
  return file;
}

type Named = readonly [string, TensorToWrite];

function inLayoutOrder(tensors: Iterable<Named>): readonly Named[] {
  const encoder = new TextEncoder();
  const entries = Array.from(tensors, (named) => {
    check(named);
    return { named, key: encoder.encode(named[0]) };
  });
  const names = new Set<string>();
  for (const { named } of entries) {
    if (names.has(named[0])) {
      throw new WeightsError('duplicate-name', `tensor ${quote(named[0])} is given twice`);
    }
    names.add(named[0]);
  }
  // By UTF-8 bytes: JavaScript's own order is by UTF-16 units, and differs beyond the first plane.
  return entries
    .sort(
      (a, b) =>
        layoutRank(a.named[1].dtype) - layoutRank(b.named[1].dtype) || compareBytes(a.key, b.key),
    )
    .map(({ named }) => named);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) {
      return a[i]! - b[i]!;
    }
  }
  return a.length - b.length;
}

function check([name, { dtype, shape, bytes }]: Named): void {
  if (name === '__metadata__' || hasLoneSurrogate(name)) {
    throw new WeightsError('argument', `a tensor cannot have the name ${quote(name)}`);
  }
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new WeightsError(
      'shape',
      `tensor ${quote(name)} has shape ${quote(shape)}, expected whole numbers`,
    );
  }
  const wanted = shape.reduce((product, length) => product * length, dtypeSize(dtype));
  if (bytes.byteLength !== wanted) {
    throw new WeightsError(
      'size',
      `tensor ${quote(name)} has ${bytes.byteLength} bytes, expected ${wanted} for ${dtype} ${quote(shape)}`,
    );
  }
}

function encodeHeader(
  tensors: readonly Named[],
  metadata: ReadonlyMap<string, string>,
): Uint8Array {
  // Joined by hand, because an object would sort names that are numbers to the front and lose `__proto__`.
  const members: string[] = [];
  for (const [key, text] of metadata) {
    if (hasLoneSurrogate(key + text)) {
      throw new WeightsError(
        'argument',
        `metadata ${quote(key)}: ${quote(text)} is not valid Unicode`,
      );
    }
  }
  if (metadata.size > 0) {
    members.push(
      member(
        '__metadata__',
        `{${[...metadata].map(([key, text]) => member(key, JSON.stringify(text))).join(',')}}`,
      ),
    );
  }
  let begin = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    const end = begin + bytes.byteLength;
    const info = { dtype: safetensorsName(dtype), shape, data_offsets: [begin, end] };
    members.push(member(name, JSON.stringify(info)));
    begin = end;
  }
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const padded = new Uint8Array(Math.ceil(json.byteLength / 8) * 8).fill(' '.charCodeAt(0));
  padded.set(json);
  return padded;
}

function member(name: string, json: string): string {
  return `${JSON.stringify(name)}:${json}`;
}
