import { mix32, unitInterval } from '../hash.ts';

/** Evenly distributed numbers, one after another, that depend on nothing but the seed. */
export class RandomStream {
  readonly #start: number;
  #drawn = 0;

  /** @param seed - uint32 */
  constructor(seed: number) {
    this.#start = mix32(seed);
  }

  /** From `low` (included) to `high` (excluded). */
  between(low: number, high: number): number {
    const unit = unitInterval(mix32(this.#start + Math.imul(this.#drawn, 0x9e3779b9)));
    this.#drawn += 1;
    return low + ((unit + 1) / 2) * (high - low);
  }

  /** A whole number from 0 to `count - 1`. */
  index(count: number): number {
    return Math.min(count - 1, Math.floor(this.between(0, count)));
  }

  /** Normally distributed, mean 0 and standard deviation 1. */
  normal(): number {
    // Irwin and Hall: the sum of twelve even ones is close enough, and needs no logarithm.
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.between(0, 1);
    return sum;
  }
}
