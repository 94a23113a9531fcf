// PackBits, as TIFF has it: a byte n below 128 is followed by n + 1 bytes as they are, one above 128 by
// a byte to be repeated 257 - n times. Alpha is mostly 0 and 255, so little is left of it.

/** Compresses bytes that often repeat. */
export function packBits(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(bytes.length + Math.ceil(bytes.length / 128));
  let size = 0;
  let at = 0;
  while (at < bytes.length) {
    const run = runLength(bytes, at);
    if (run > 1) {
      packed[size++] = 257 - run;
      packed[size++] = bytes[at]!;
      at += run;
      continue;
    }
    const start = at;
    while (at < bytes.length && at - start < 128 && runLength(bytes, at) < 3) at += 1;
    packed[size++] = at - start - 1;
    packed.set(bytes.subarray(start, at), size);
    size += at - start;
  }
  return packed.slice(0, size);
}

/** @returns undefined where the bytes do not unpack to exactly this length */
export function unpackBits(packed: Uint8Array, length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  let size = 0;
  for (let at = 0; at < packed.length;) {
    const head = packed[at]!;
    at += 1;
    if (head === 128) continue;
    const count = head < 128 ? head + 1 : 257 - head;
    const needed = head < 128 ? count : 1;
    if (size + count > length || at + needed > packed.length) return undefined;
    if (head < 128) bytes.set(packed.subarray(at, at + count), size);
    else bytes.fill(packed[at]!, size, size + count);
    at += needed;
    size += count;
  }
  return size === length ? bytes : undefined;
}

function runLength(bytes: Uint8Array, from: number): number {
  const most = Math.min(bytes.length - from, 128);
  let length = 1;
  while (length < most && bytes[from + length] === bytes[from]) length += 1;
  return length;
}
