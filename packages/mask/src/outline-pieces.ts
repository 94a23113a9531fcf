import type { Bitmap } from './bitmap.ts';
import type { Runs } from './bitmap-runs.ts';
import type { Box } from './box.ts';
import { findRleRuns } from './rle-runs.ts';
import type { Rle } from './run-length.ts';

/** Part of a picture, cut off at its borders. */
export interface OutlinePiece {
  readonly box: Box;
  /** All pixels up to the margin around it are outside, all are inside, or there may be both. */
  readonly kind: 'outside' | 'inside' | 'outline';
}

/** A piece with its margin, on its side, as run lengths are: what is called a row is a column of the picture. */
export interface PieceWindow extends Bitmap {
  /** Row and column of the window in which the piece begins. */
  readonly row: number;
  readonly column: number;
}

/** Smaller tiles have too much margin around them, larger ones too much that is no outline. */
const SMALLEST = 64;

/** Pieces of the outline are at most so long, so that processors keep them close. */
const LONGEST = 1024;

/**
 * A picture in pieces, of which only those near a mask's outline have to be looked at pixel by pixel:
 * what depends on pixels up to `margin` away is known of all others.
 */
export class OutlinePieces {
  /** Stripes of the picture, from the left; each a list of pieces from the top. */
  readonly stripes: readonly (readonly OutlinePiece[])[];
  readonly #runs: Runs;
  readonly #width: number;
  readonly #height: number;
  readonly #margin: number;

  /** @param margin - whole pixels */
  constructor(rle: Rle, margin: number) {
    const [height, width] = rle.size;
    this.#runs = findRleRuns(rle, 1);
    [this.#width, this.#height, this.#margin] = [width, height, margin];
    const side = Math.max(SMALLEST, 3 * margin);
    const counts = this.#countPixels(side);
    this.stripes = counts.map((_, stripe) => this.#piecesOf(counts, stripe, side));
  }

  window({ box }: OutlinePiece): PieceWindow {
    const margin = this.#margin;
    const x = Math.max(0, box.x - margin);
    const y = Math.max(0, box.y - margin);
    const height = Math.min(this.#width, box.x + box.width + margin) - x;
    const width = Math.min(this.#height, box.y + box.height + margin) - y;
    const data = new Uint8Array(width * height);
    const { rowStart, start, end } = this.#runs;
    for (let row = 0; row < height; row++) {
      const base = row * width - y;
      for (let run = rowStart[x + row]!; run < rowStart[x + row + 1]!; run++) {
        const from = Math.max(y, start[run]!);
        const to = Math.min(y + width, end[run]!);
        if (from < to) data.fill(1, base + from, base + to);
      }
    }
    return { width, height, data, row: box.x - x, column: box.y - y };
  }

  /** Pixels inside, of each tile of each stripe. */
  #countPixels(side: number): Int32Array[] {
    const { rowStart, start, end } = this.#runs;
    const tiles = Math.ceil(this.#height / side);
    const counts = Array.from(
      { length: Math.ceil(this.#width / side) },
      () => new Int32Array(tiles),
    );
    for (let x = 0; x < this.#width; x++) {
      const ofStripe = counts[Math.floor(x / side)]!;
      for (let run = rowStart[x]!; run < rowStart[x + 1]!; run++) {
        for (let from = start[run]!; from < end[run]!;) {
          const tile = Math.floor(from / side);
          const to = Math.min(end[run]!, (tile + 1) * side);
          ofStripe[tile]! += to - from;
          from = to;
        }
      }
    }
    return counts;
  }

  #piecesOf(counts: readonly Int32Array[], stripe: number, side: number): OutlinePiece[] {
    const x = stripe * side;
    const width = Math.min(side, this.#width - x);
    const pieces: OutlinePiece[] = [];
    const tiles = counts[stripe]!.length;
    for (let tile = 0; tile < tiles; tile++) {
      const y = tile * side;
      const height = Math.min(side, this.#height - y);
      const kind = this.#kindOf(counts, stripe, tile, side);
      const last = pieces.at(-1);
      const isLonger = kind !== 'outline' || (last?.box.height ?? 0) + height <= LONGEST;
      if (last?.kind === kind && isLonger) {
        pieces[pieces.length - 1] = {
          kind,
          box: { ...last.box, height: last.box.height + height },
        };
      } else {
        pieces.push({ kind, box: { x, y, width, height } });
      }
    }
    return pieces;
  }

  /** A margin is less than a tile, so what surrounds one are the eight around it. */
  #kindOf(
    counts: readonly Int32Array[],
    stripe: number,
    tile: number,
    side: number,
  ): OutlinePiece['kind'] {
    let [isOutside, isInside] = [true, true];
    for (let s = Math.max(0, stripe - 1); s <= Math.min(counts.length - 1, stripe + 1); s++) {
      const width = Math.min(side, this.#width - s * side);
      for (let t = Math.max(0, tile - 1); t < Math.min(counts[s]!.length, tile + 2); t++) {
        const count = counts[s]![t];
        isOutside &&= count === 0;
        isInside &&= count === width * Math.min(side, this.#height - t * side);
      }
    }
    return isOutside ? 'outside' : isInside ? 'inside' : 'outline';
  }
}
