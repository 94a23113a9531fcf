// PackBits, the run-length code of PSD and TIFF (TIFF 6.0, section 9): a byte n from 0 to 127 before
// n + 1 bytes as they are, from 129 to 255 before one that comes 257 - n times.

import { DocumentError } from '../document-error.ts';

const longest = 128;

/** No row takes more, packed. */
export function packedBound(length: number): number {
  return length + Math.ceil(length / longest);
}

/** @returns how many bytes were written to `into` */
export function packBits(row: Uint8Array, into: Uint8Array, start: number): number {
  const { length } = row;
  let to = start;
  let at = 0;
  while (at < length) {
    let end = at + 1;
    while (end < length && end - at < longest && row[end] === row[at]) end += 1;
    if (end - at > 1) {
      into[to] = 257 - (end - at);
      into[to + 1] = row[at]!;
      to += 2;
      at = end;
      continue;
    }
    // Two equal bytes do not pay between others; three do.
    while (
      end < length &&
      end - at < longest &&
      !(row[end] === row[end + 1] && row[end] === row[end + 2] && end + 2 < length)
    ) {
      end += 1;
    }
    into[to] = end - at - 1;
    into.set(row.subarray(at, end), to + 1);
    to += 1 + end - at;
    at = end;
  }
  return to - start;
}

/** @throws DocumentError `damaged` unless the bytes fill the row exactly */
export function unpackBits(packed: Uint8Array, row: Uint8Array): void {
  let at = 0;
  let to = 0;
  while (at < packed.length) {
    const code = packed[at]!;
    at += 1;
    if (code === 128) continue;
    const count = code < 128 ? code + 1 : 257 - code;
    const taken = code < 128 ? count : 1;
    if (to + count > row.length || at + taken > packed.length) break;
    if (code < 128) row.set(packed.subarray(at, at + count), to);
    else row.fill(packed[at]!, to, to + count);
    at += taken;
    to += count;
  }
  if (to !== row.length || at < packed.length) {
    throw new DocumentError(
      'damaged',
      `A packed row of the PSD gives ${to} bytes of ${row.length}: it was damaged.`,
    );
  }
}
