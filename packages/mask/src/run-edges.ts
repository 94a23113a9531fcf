import { type Rle, rleComplement } from './run-length.ts';
import type { Size } from './size.ts';

/**
 * Collects the runs of a mask in column order; runs that touch become one. What
 * positions mean is as in {@link Rle}: column after column from the top left.
 */
export class RunEdges {
  // Where runs begin and end, in turn.
  #edges = new Int32Array(256);
  #count = 0;

  /** Adds `start` up to but without `end`, which must not lie before what was added last. */
  add(start: number, end: number): void {
    if (start >= end) return;
    if (this.#count > 0 && this.#edges[this.#count - 1] === start) {
      this.#edges[this.#count - 1] = end;
      return;
    }
    if (this.#count + 2 > this.#edges.length) {
      const larger = new Int32Array(this.#edges.length * 2);
      larger.set(this.#edges);
      this.#edges = larger;
    }
    this.#edges[this.#count++] = start;
    this.#edges[this.#count++] = end;
  }

  /** Forgets all runs and keeps the memory. */
  clear(): void {
    this.#count = 0;
  }

  toRle({ width, height }: Size): Rle {
    const counts: number[] = [];
    let previous = 0;
    for (let i = 0; i < this.#count; i++) {
      const edge = this.#edges[i]!;
      counts.push(edge - previous);
      previous = edge;
    }
    if (previous < width * height) counts.push(width * height - previous);
    return { size: [height, width], counts };
  }

  /** The run lengths of all that was not added. */
  toInverseRle(size: Size): Rle {
    return rleComplement(this.toRle(size));
  }
}
