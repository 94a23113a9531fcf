import { dtypeSize, layoutRank, safetensorsName } from '../dtype.ts';
import type { WeightInfo } from '../weight-store.ts';
import { hasLoneSurrogate, quote, WeightsError } from '../weights-error.ts';

/** What stands where in a file: known from shapes and dtypes alone, before any data are there. */
export interface SafetensorsLayout {
  /** Length, header and padding: all that stands before the data. */
  readonly head: Uint8Array;
  /** Names in the order in which their data follow, without gaps. */
  readonly order: readonly string[];
  /** Of the whole file. */
  readonly byteLength: number;
}

/**
 * Lays out a safetensors file as the official writer does: wide dtypes first, then by name, and the data 8-byte
 * aligned, so that every tensor is aligned to its elements.
 *
 * @throws WeightsError if a shape is none, or a name is used twice or cannot be written
 */
export function layOutSafetensors(
  tensors: Iterable<readonly [string, WeightInfo]>,
  metadata: Iterable<readonly [string, string]> = [],
): SafetensorsLayout {
  const sorted = inLayoutOrder(tensors);
  const members: string[] = [];
  const notes = metadataMember(new Map(metadata));
  if (notes !== undefined) {
    members.push(notes);
  }
  let begin = 0;
  for (const [name, { dtype, shape }] of sorted) {
    const end = begin + tensorBytes({ dtype, shape });
    const info = { dtype: safetensorsName(dtype), shape, data_offsets: [begin, end] };
    members.push(member(name, JSON.stringify(info)));
    begin = end;
  }
  // Joined by hand, because an object would sort names that are numbers to the front and lose `__proto__`.
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const headerLength = Math.ceil(json.byteLength / 8) * 8;
  const head = new Uint8Array(8 + headerLength).fill(' '.charCodeAt(0));
  new DataView(head.buffer).setBigUint64(0, BigInt(headerLength), true);
  head.set(json, 8);
  return { head, order: sorted.map(([name]) => name), byteLength: head.byteLength + begin };
}

/** Bytes of a tensor's data. */
export function tensorBytes({ dtype, shape }: WeightInfo): number {
  return shape.reduce((product, length) => product * length, dtypeSize(dtype));
}

type Named = readonly [string, WeightInfo];

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

function check([name, { shape }]: Named): void {
  if (name === '__metadata__' || hasLoneSurrogate(name)) {
    throw new WeightsError('argument', `a tensor cannot have the name ${quote(name)}`);
  }
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new WeightsError(
      'shape',
      `tensor ${quote(name)} has shape ${quote(shape)}, expected whole numbers`,
    );
  }
}

function metadataMember(metadata: ReadonlyMap<string, string>): string | undefined {
  for (const [key, text] of metadata) {
    if (hasLoneSurrogate(key + text)) {
      throw new WeightsError(
        'argument',
        `metadata ${quote(key)}: ${quote(text)} is not valid Unicode`,
      );
    }
  }
  const entries = Array.from(metadata, ([key, text]) => member(key, JSON.stringify(text)));
  return entries.length === 0 ? undefined : member('__metadata__', `{${entries.join(',')}}`);
}

function member(name: string, json: string): string {
  return `${JSON.stringify(name)}:${json}`;
}
