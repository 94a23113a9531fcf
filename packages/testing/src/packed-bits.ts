/** The first `count` bits of `packed` as 0 or 1, lowest bit of a byte first. */
export function unpackBits(packed: Uint8Array, count: number): Uint8Array {
  if (count > 8 * packed.length) {
    throw new RangeError(
      `${packed.length} bytes hold ${8 * packed.length} bits, expected ${count}`,
    );
  }
  return Uint8Array.from({ length: count }, (_, i) => (Number(packed[i >>> 3]) >>> (i & 7)) & 1);
}

/**
 * Masks that were packed each on its own, so that every mask starts at a whole byte.
 *
 * @param packed - `[masks, ceil(pixels / 8)]`
 * @returns `[masks, pixels]` of 0 and 1
 */
export function unpackMasks(packed: Uint8Array, masks: number, pixels: number): Uint8Array {
  const stride = Math.ceil(pixels / 8);
  if (packed.length !== masks * stride) {
    throw new RangeError(
      `got ${packed.length} bytes, expected ${masks * stride} for ${masks} masks of ${pixels} pixels`,
    );
  }
  const unpacked = new Uint8Array(masks * pixels);
  for (let i = 0; i < masks; i++) {
    unpacked.set(unpackBits(packed.subarray(i * stride, (i + 1) * stride), pixels), i * pixels);
  }
  return unpacked;
}
