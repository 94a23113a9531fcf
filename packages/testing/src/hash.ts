/** The finalizer of MurmurHash3: a bijection of 32-bit integers that scatters close inputs. */
export function mix32(value: number): number {
  let x = value | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** The upper 24 bits of a 32-bit integer as a number in [-1, 1), exact in float32. */
export function unitInterval(bits: number): number {
  return (bits >>> 8) * 2 ** -23 - 1;
}

/** The 32-bit FNV-1a hash of a text's UTF-8 bytes. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash;
}
