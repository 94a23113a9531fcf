import { quote, WeightsError } from '../weights-error.ts';
import { readUint64, viewOf, zipError } from './zip-records.ts';

export interface ZipEntry {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  /** Where the entry starts with a header of its own. */
  readonly headerOffset: number;
  /** Of the content as it lies in the file. */
  readonly byteLength: number;
  /** Of the content when it is unpacked. */
  readonly unpacked: number;
  /** Of the content when it is unpacked. */
  readonly crc32: number;
  /** 0 is plain, 8 is deflate. */
  readonly method: number;
  readonly encrypted: boolean;
  /** Where the next entry or the directory starts. */
  readonly limit: number;
}

const signature = 0x02014b50;
const fixedLength = 46;
const localLength = 30;
const zip64Field = 1;

/**
 * The entries of a zip directory, checked to lie before it without overlaps.
 *
 * @param start - where the directory starts in the file
 * @throws WeightsError if the directory is malformed, names a file twice, or entries overlap
 */
export function parseZipDirectory(
  directory: Uint8Array,
  count: number,
  start: number,
): ReadonlyMap<string, ZipEntry> {
  const parsed: ParsedEntry[] = [];
  for (let at = 0; at < directory.byteLength; at = parsed.at(-1)!.end) {
    parsed.push(parseEntry(directory, at));
  }
  if (parsed.length !== count) {
    throw zipError(`the zip directory has ${parsed.length} entries, expected ${count}`);
  }
  return checkLayout(parsed, start);
}

interface ParsedEntry extends Omit<ZipEntry, 'limit'> {
  /** Where it ends in the directory. */
  readonly end: number;
}

function parseEntry(directory: Uint8Array, at: number): ParsedEntry {
  const view = viewOf(directory);
  const complete = at + fixedLength <= directory.byteLength;
  if (!complete || view.getUint32(at, true) !== signature) {
    throw zipError(`the zip directory has no entry at byte ${at} of its ${directory.byteLength}`);
  }
  const nameEnd = at + fixedLength + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const end = extraEnd + view.getUint16(at + 32, true);
  if (end > directory.byteLength) {
    throw zipError(`the entry at byte ${at} of the zip directory goes beyond its end`);
  }
  const nameBytes = directory.subarray(at + fixedLength, nameEnd);
  const name = decodeName(nameBytes);
  const [unpacked, packed, headerOffset] = widen(
    name,
    [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)],
    directory.subarray(nameEnd, extraEnd),
  );
  const method = view.getUint16(at + 10, true);
  if (method === 0 && packed !== unpacked) {
    throw zipError(
      `${quote(name)} is plain and yet has two sizes, ${packed} and ${unpacked} bytes`,
    );
  }
  const encrypted = (view.getUint16(at + 8, true) & 1) !== 0;
  const crc32 = view.getUint32(at + 16, true);
  const sizes = { byteLength: packed, unpacked, crc32 };
  return { name, nameBytes, headerOffset, ...sizes, method, encrypted, end };
}

function decodeName(bytes: Uint8Array): string {
  try {
    // A copy, because browsers decode no shared memory.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch (cause) {
    throw new WeightsError('zip', 'a name in the zip directory is not valid UTF-8', { cause });
  }
}

type Fields = readonly [unpacked: number, packed: number, headerOffset: number];

/** Fields that are all ones stand as 64-bit numbers, in this order, in an extra field. */
function widen(name: string, fields: Fields, extra: Uint8Array): Fields {
  if (!fields.includes(0xffffffff)) {
    return fields;
  }
  const view = viewOf(extra);
  let at = 0;
  while (at + 4 <= extra.byteLength) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === zip64Field && end <= extra.byteLength) {
      let next = at + 4;
      const wide = fields.map((field) => {
        if (field !== 0xffffffff) {
          return field;
        }
        next += 8;
        if (next > end) {
          throw zipError(`the zip64 field of ${quote(name)} is too short`);
        }
        return readUint64(view, next - 8);
      });
      return [wide[0]!, wide[1]!, wide[2]!];
    }
    at = end;
  }
  throw zipError(`${quote(name)} refers to a zip64 field, which is missing`);
}

function checkLayout(
  parsed: readonly ParsedEntry[],
  directoryStart: number,
): ReadonlyMap<string, ZipEntry> {
  const ordered = [...parsed].sort((a, b) => a.headerOffset - b.headerOffset);
  const entries = new Map<string, ZipEntry>();
  for (const [i, { end: _, ...entry }] of ordered.entries()) {
    const limit = ordered[i + 1]?.headerOffset ?? directoryStart;
    const { name, nameBytes, headerOffset, byteLength } = entry;
    // The header may have extra fields as well: what is read of an entry is checked against the limit once more.
    if (headerOffset + localLength + nameBytes.byteLength + byteLength > limit) {
      throw zipError(
        `${quote(name)} takes ${byteLength} bytes from ${headerOffset} on in the zip archive, ` +
          `but at ${limit} something else starts`,
      );
    }
    if (entries.has(name)) {
      throw new WeightsError('duplicate-name', `the zip archive has ${quote(name)} twice`);
    }
    entries.set(name, { ...entry, limit });
  }
  return entries;
}
