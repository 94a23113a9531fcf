import { mix32, unitInterval } from './hash.ts';

/**
 * Evenly distributed values in [-1, 1) that depend on nothing but the seed.
 *
 * Pass the seed to {@link expectClose} too, so that a failure names it.
 *
 * @param seed - uint32
 */
export function seededValues(length: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  const start = mix32(seed);
  for (let i = 0; i < length; i++) {
    values[i] = unitInterval(mix32(start + Math.imul(i, 0x9e3779b9)));
  }
  return values;
}
