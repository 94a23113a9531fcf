// The layout of a safetensors file, after the official description and reader
// (github.com/huggingface/safetensors, README.md and safetensors/src/tensor.rs):
// a u64 with the header's length, the header as JSON, and the tensors' bytes, which cover the rest
// without holes or overlaps. Everything that a header claims is checked here, once; what is read later
// lies inside the file by construction.

import type { ByteSource } from './byte-source.ts';
import { dtypeSize, parseSafetensorsName, safetensorsName } from './dtype.ts';
import { membersOf, parseStrictObject } from './strict-json.ts';
import type { WeightInfo } from './weight-store.ts';
import { hasLoneSurrogate, quote, WeightsError } from './weights-error.ts';

/** A tensor and where its bytes lie, counted from the start of the file. */
export interface StoredTensor extends WeightInfo {
  readonly offset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  /** In the order in which they lie in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** The JSON as it is in the file. */
  readonly json: Uint8Array;
}

const lengthBytes = 8;
/** The official reader's limit. */
const largestHeader = 100_000_000;
const openingBrace = 0x7b;

/** @throws WeightsError if the header is malformed, or does not fit the size of the source */
export async function readSafetensorsHeader(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<SafetensorsHeader> {
  if (source.size < lengthBytes) {
    throw new WeightsError(
      'truncated',
      `a safetensors file starts with ${lengthBytes} bytes of header length, got ${source.size} bytes in all`,
    );
  }
  const prefix = await source.read(0, lengthBytes, signal);
  const jsonLength = new DataView(prefix.buffer, prefix.byteOffset, lengthBytes).getBigUint64(
    0,
    true,
  );
  if (jsonLength > largestHeader) {
    throw new WeightsError(
      'header-length',
      `the header's length is given as ${jsonLength} bytes, expected at most ${largestHeader}: ` +
        'this is probably not a safetensors file',
    );
  }
  const dataStart = lengthBytes + Number(jsonLength);
  if (dataStart > source.size) {
    throw new WeightsError(
      'truncated',
      `the header's length is given as ${jsonLength} bytes, but only ${source.size - lengthBytes} bytes follow: ` +
        'the file was cut short, or is not a safetensors file',
    );
  }
  const json = await source.read(lengthBytes, Number(jsonLength), signal);
  const members = parseStrictObject(decodeHeader(json), 'the safetensors header', 'header-json');
  const metadata = parseMetadata(members.get('__metadata__'), members.has('__metadata__'));
  members.delete('__metadata__');
  const tensors = new Map(
    [...members]
      .map(([name, value]) => parseTensor(name, value, dataStart))
      .sort(([, a], [, b]) => a.offset - b.offset || a.byteLength - b.byteLength),
  );
  checkCoverage(tensors, dataStart, source.size);
  return { tensors, metadata, json };
}

function decodeHeader(json: Uint8Array): string {
  if (json[0] !== openingBrace) {
    const got = json.length === 0 ? 'nothing' : `byte 0x${json[0]?.toString(16).padStart(2, '0')}`;
    throw new WeightsError(
      'header-json',
      `the safetensors header starts with ${got}, expected "{"`,
    );
  }
  try {
    // A copy, because browsers decode no shared memory.
    return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(json));
  } catch (cause) {
    throw new WeightsError('header-encoding', 'the safetensors header is not valid UTF-8', {
      cause,
    });
  }
}

function parseMetadata(value: unknown, present: boolean): Map<string, string> {
  const metadata = new Map<string, string>();
  if (!present) {
    return metadata;
  }
  const members = membersOf(value);
  if (members === undefined) {
    throw new WeightsError('metadata', `__metadata__ is ${quote(value)}, expected an object`);
  }
  for (const [key, text] of members) {
    if (typeof text !== 'string' || hasLoneSurrogate(key + text)) {
      throw new WeightsError(
        'metadata',
        `__metadata__ has ${quote(text)} under ${quote(key)}, expected a string of valid Unicode`,
      );
    }
    metadata.set(key, text);
  }
  return metadata;
}

function parseTensor(name: string, value: unknown, dataStart: number): [string, StoredTensor] {
  if (hasLoneSurrogate(name)) {
    throw new WeightsError('header-json', `tensor name ${quote(name)} is not valid Unicode`);
  }
  const members = membersOf(value);
  if (members === undefined) {
    throw new WeightsError(
      'header-json',
      `tensor ${quote(name)} is described by ${quote(value)}, ` +
        'expected an object with dtype, shape and data_offsets',
    );
  }
  const dtype = parseSafetensorsName(members.get('dtype'), name);
  const shape = parseShape(name, members.get('shape'));
  const [begin, end] = parseOffsets(name, members.get('data_offsets'));
  const byteLength = countBytes(name, shape, dtypeSize(dtype));
  if (end - begin !== byteLength) {
    throw new WeightsError(
      'size',
      `tensor ${quote(name)} takes ${end - begin} bytes by data_offsets [${begin}, ${end}], ` +
        `expected ${byteLength} for ${safetensorsName(dtype)} ${quote(shape)}`,
    );
  }
  return [name, { dtype, shape, offset: dataStart + begin, byteLength }];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parseShape(name: string, value: unknown): readonly number[] {
  if (!Array.isArray(value) || !value.every(isCount)) {
    throw new WeightsError(
      'shape',
      `tensor ${quote(name)} has shape ${quote(value)}, expected a list of whole numbers from 0 to 2^53 - 1`,
    );
  }
  return value;
}

function parseOffsets(name: string, value: unknown): readonly [number, number] {
  if (Array.isArray(value) && value.length === 2 && value.every(isCount)) {
    const [begin, end] = value as [number, number];
    if (begin <= end) {
      return [begin, end];
    }
  }
  throw new WeightsError(
    'offsets',
    `tensor ${quote(name)} has data_offsets ${quote(value)}, expected [begin, end] with 0 <= begin <= end`,
  );
}

function countBytes(name: string, shape: readonly number[], elementSize: number): number {
  let bytes = elementSize;
  for (const length of shape) {
    bytes *= length;
    // Also where a later axis is 0: the official reader counts in the same order and refuses it.
    if (bytes > Number.MAX_SAFE_INTEGER) {
      throw new WeightsError(
        'shape',
        `tensor ${quote(name)} has shape ${quote(shape)}, which is more than 2^53 bytes`,
      );
    }
  }
  return bytes;
}

function checkCoverage(
  tensors: ReadonlyMap<string, StoredTensor>,
  dataStart: number,
  size: number,
): void {
  let end = dataStart;
  let previous = 'the header';
  for (const [name, { offset, byteLength }] of tensors) {
    if (offset !== end) {
      throw new WeightsError(
        'offsets',
        `tensor ${quote(name)} starts at data offset ${offset - dataStart}, ` +
          `expected ${end - dataStart}, right after ${previous}: ` +
          (offset < end ? 'they overlap' : 'there is a hole between them'),
      );
    }
    end += byteLength;
    previous = `tensor ${quote(name)}`;
  }
  if (end > size) {
    throw new WeightsError(
      'truncated',
      `the header describes a file of ${end} bytes, got ${size}: it was cut short. Load it again`,
    );
  }
  if (end < size) {
    throw new WeightsError(
      'trailing-bytes',
      `the header describes a file of ${end} bytes, got ${size}: ${size - end} bytes belong to no tensor`,
    );
  }
}
