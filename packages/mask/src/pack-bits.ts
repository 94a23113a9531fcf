// PackBits, the run-length code of PSD and TIFF (TIFF 6.0, section 9): a byte n from 0 to 127 before
// n + 1 bytes as they are, from 129 to 255 before one that comes 257 - n times.

const longest = 128;

/** The most that {@link packBits} makes of so many bytes. */
export function packedBound(length: number): number {
  return length + Math.ceil(length / longest);
}

/**
 * Packs bytes that often repeat, as levels of masks do.
 *
 * @param into - with room for `packedBound(bytes.length)` from `start` on
 * @returns how many bytes were written
 */
export function packBits(bytes: Uint8Array, into: Uint8Array, start = 0): number {
  const { length } = bytes;
  let to = start;
  let at = 0;
  while (at < length) {
    let end = at + 1;
    while (end < length && end - at < longest && bytes[end] === bytes[at]) end += 1;
    if (end - at > 1) {
      into[to] = 257 - (end - at);
      into[to + 1] = bytes[at]!;
      to += 2;
      at = end;
      continue;
    }
    // Two equal bytes do not pay between others; three do.
    while (
      end < length &&
      end - at < longest &&
      !(bytes[end] === bytes[end + 1] && bytes[end] === bytes[end + 2] && end + 2 < length)
    ) {
      end += 1;
    }
    into[to] = end - at - 1;
    into.set(bytes.subarray(at, end), to + 1);
    to += 1 + end - at;
    at = end;
  }
  return to - start;
}

/** @returns whether the packed bytes fill `bytes` exactly; if not, it holds a part of them */
export function unpackBits(packed: Uint8Array, bytes: Uint8Array): boolean {
  let at = 0;
  let to = 0;
  while (at < packed.length) {
    const code = packed[at]!;
    at += 1;
    if (code === 128) continue;
    const count = code < 128 ? code + 1 : 257 - code;
    const taken = code < 128 ? count : 1;
    if (to + count > bytes.length || at + taken > packed.length) return false;
    if (code < 128) bytes.set(packed.subarray(at, at + count), to);
    else bytes.fill(packed[at]!, to, to + count);
    at += taken;
    to += count;
  }
  return to === bytes.length;
}
