// The directory of a zip archive, after PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3 (zip64), as far as
// PyTorch's writer uses it: one disk, no prefix, the directory right before the closing records.
// Readers of zip files differ in what they make of archives that contradict themselves, so those are refused.

import type { ByteSource } from '../byte-source.ts';
import { quote, WeightsError } from '../weights-error.ts';
import { parseZipDirectory, type ZipEntry } from './zip-entries.ts';
import { readUint64, viewOf, zipError } from './zip-records.ts';

export interface ZipDirectory {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** The directory as it is in the file. */
  readonly bytes: Uint8Array;
}

const endSignature = 0x06054b50;
const endLength = 22;
const longestComment = 0xffff;
const locatorSignature = 0x07064b50;
const locatorLength = 20;
const end64Signature = 0x06064b50;
const end64Length = 56;
const localSignature = 0x04034b50;
const localLength = 30;
/** Room for half a million entries; a large model has a thousand. */
const largestDirectory = 2 ** 26;

/** Where the directory lies. */
interface DirectoryRange {
  readonly offset: number;
  readonly byteLength: number;
  readonly entries: number;
}

/** @throws WeightsError if the archive is malformed, contradicts itself or does not fit the size of the source */
export async function readZipDirectory(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<ZipDirectory> {
  const { offset, byteLength, entries } = await findDirectory(source, signal);
  const bytes = await source.read(offset, byteLength, signal);
  return { entries: parseZipDirectory(bytes, entries, offset), bytes };
}

async function findDirectory(source: ByteSource, signal?: AbortSignal): Promise<DirectoryRange> {
  const tailStart = Math.max(0, source.size - endLength - longestComment);
  const tail = await source.read(tailStart, source.size - tailStart, signal);
  const view = viewOf(tail);
  let at = tail.byteLength - endLength;
  while (at >= 0 && view.getUint32(at, true) !== endSignature) {
    at--;
  }
  if (at < 0) {
    throw new WeightsError(
      'truncated',
      `the zip archive of ${source.size} bytes has no directory at its end: it was cut short. Load it again`,
    );
  }
  const comment = view.getUint16(at + 20, true);
  if (at + endLength + comment !== tail.byteLength) {
    throw zipError(
      `the zip archive ends ${tail.byteLength - at - endLength} bytes after its end record, expected ${comment}`,
    );
  }
  const end = tailStart + at;
  const short = [view.getUint32(at + 16, true), view.getUint32(at + 12, true)] as const;
  const entries = view.getUint16(at + 10, true);
  if (view.getUint32(at + 4, true) !== 0 || view.getUint16(at + 8, true) !== entries) {
    throw zipError('the zip archive is spread over several disks, expected one');
  }
  const long = await readEnd64(source, end, signal);
  if (long === undefined) {
    return checkRange({ offset: short[0], byteLength: short[1], entries }, end);
  }
  // The short fields either say the same or are all ones for "see the other record".
  for (const [value, other, none] of [
    [short[0], long.range.offset, 0xffffffff],
    [short[1], long.range.byteLength, 0xffffffff],
    [entries, long.range.entries, 0xffff],
  ] as const) {
    if (value !== other && value !== none) {
      throw zipError(`the zip archive's end records disagree: ${value} and ${other}`);
    }
  }
  return checkRange(long.range, long.end);
}

function checkRange(range: DirectoryRange, end: number): DirectoryRange {
  const { offset, byteLength } = range;
  if (offset + byteLength !== end) {
    throw zipError(
      `the zip directory is said to take ${byteLength} bytes at ${offset}, expected it to end at ${end}`,
    );
  }
  if (byteLength > largestDirectory) {
    throw zipError(
      `the zip directory takes ${byteLength} bytes, expected at most ${largestDirectory}`,
    );
  }
  return range;
}

/** @returns undefined if the archive has no zip64 records */
async function readEnd64(
  source: ByteSource,
  end: number,
  signal?: AbortSignal,
): Promise<{ range: DirectoryRange; end: number } | undefined> {
  const locatorStart = end - locatorLength;
  if (locatorStart < end64Length) {
    return undefined;
  }
  const locator = viewOf(await source.read(locatorStart, locatorLength, signal));
  if (locator.getUint32(0, true) !== locatorSignature) {
    return undefined;
  }
  const start = readUint64(locator, 8);
  if (start + end64Length > locatorStart) {
    throw zipError(`the zip64 record is said to be at ${start}, expected before ${locatorStart}`);
  }
  const record = viewOf(await source.read(start, end64Length, signal));
  const entries = readUint64(record, 32);
  const fits =
    record.getUint32(0, true) === end64Signature &&
    start + 12 + readUint64(record, 4) === locatorStart &&
    locator.getUint32(4, true) === 0 &&
    locator.getUint32(16, true) <= 1 &&
    record.getUint32(16, true) === 0 &&
    record.getUint32(20, true) === 0 &&
    readUint64(record, 24) === entries;
  if (!fits) {
    throw zipError(`the zip64 record at ${start} does not fit the archive`);
  }
  const range = { offset: readUint64(record, 48), byteLength: readUint64(record, 40), entries };
  return { range, end: start };
}

/**
 * Where an entry's content starts, which only the header before it says.
 *
 * @param methods - of packing, that the caller can undo; plain by default
 * @throws WeightsError if the entry is compressed or encrypted, or its header differs from the directory
 */
export async function locateEntry(
  source: ByteSource,
  entry: ZipEntry,
  signal?: AbortSignal,
  methods: readonly number[] = [0],
): Promise<number> {
  const { name, nameBytes, headerOffset, byteLength, unpacked, method } = entry;
  if (!methods.includes(method) || entry.encrypted) {
    throw new WeightsError(
      'format',
      `${quote(name)} is ${entry.encrypted ? 'encrypted' : `compressed (method ${method})`} in its zip archive, ` +
        'expected plain as PyTorch writes it. Unpack the archive and pack it again with "zip -0"',
    );
  }
  // The directory was checked to leave room for this.
  const bytes = await source.read(headerOffset, localLength + nameBytes.byteLength, signal);
  const header = viewOf(bytes);
  const sizes = [
    [header.getUint32(18, true), byteLength],
    [header.getUint32(22, true), unpacked],
  ] as const;
  // With bit 3 the sizes follow the content; PyTorch writes so.
  const deferred = (header.getUint16(6, true) & 8) !== 0;
  const fits =
    header.getUint32(0, true) === localSignature &&
    header.getUint16(8, true) === method &&
    (header.getUint16(6, true) & 1) === 0 &&
    sizes.every(
      ([size, wanted]) => size === wanted || size === 0xffffffff || (deferred && size === 0),
    ) &&
    header.getUint16(26, true) === nameBytes.byteLength &&
    bytes.subarray(localLength).every((byte, i) => byte === nameBytes[i]);
  if (!fits) {
    throw zipError(`the header of ${quote(name)} differs from what the zip directory says of it`);
  }
  const start = headerOffset + localLength + nameBytes.byteLength + header.getUint16(28, true);
  if (start + byteLength > entry.limit) {
    throw zipError(`${quote(name)} reaches into what follows it`);
  }
  return start;
}
