/**
 * The flat indices at which a parity case samples a tensor: `(k * 2654435761 mod 2^32) mod size` for
 * k = 0, 1, 2, ... A tensor of no more than `count` elements is taken whole, in order.
 */
export function sampleIndices(size: number, count: number): Uint32Array {
  if (size <= count) {
    return Uint32Array.from({ length: size }, (_, i) => i);
  }
  return Uint32Array.from({ length: count }, (_, k) => (Math.imul(k, 0x9e3779b1) >>> 0) % size);
}

/** The values at {@link sampleIndices} of a whole tensor. */
export function takeSamples(whole: ArrayLike<number>, count: number): Float32Array {
  return Float32Array.from(sampleIndices(whole.length, count), (index) => Number(whole[index]));
}
