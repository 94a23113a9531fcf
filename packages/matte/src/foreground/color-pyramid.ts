/** Weighted sums of colours: red, green and blue times the weight, and the weight. */
const SUMS = 4;

/** How much of a colour comes from around it where a pixel is as pure as can be. */
export const FROM_AROUND = 0.05;

/** One size of a pyramid. */
interface Level {
  readonly width: number;
  readonly height: number;
  /** Sums on the way down; colours, in the first three of each four, after the way up. */
  readonly values: Float32Array; // [height, width, 4]
}

/**
 * Colours that are known in places, spread over a region: each place takes the colours near it if
 * there are any, else those a little further off, and so on (pull and push, as Gortler et al. 1996
 * filled holes with it).
 */
export class ColorPyramid {
  readonly #levels: Level[] = [];

  /** @param width - of the finest level */
  constructor(width: number, height: number) {
    this.#levels.push({ width, height, values: new Float32Array(width * height * SUMS) });
    while (this.#last.width > 1 || this.#last.height > 1) {
      const next = { width: (this.#last.width + 1) >> 1, height: (this.#last.height + 1) >> 1 };
      this.#levels.push({ ...next, values: new Float32Array(next.width * next.height * SUMS) });
    }
  }

  /** `[height, width, 4]`: add colours times weights, and weights of at most 1, before `spread`. */
  get sums(): Float32Array {
    return this.#levels[0]!.values;
  }

  get #last(): Level {
    return this.#levels[this.#levels.length - 1]!;
  }

  /** @param otherwise - the colour where none is known at all */
  spread(otherwise: readonly [red: number, green: number, blue: number]): void {
    for (let i = 1; i < this.#levels.length; i++) shrink(this.#levels[i - 1]!, this.#levels[i]!);
    const { values } = this.#last;
    const weight = values[3]!;
    for (let k = 0; k < 3; k++) values[k] = weight > 1e-12 ? values[k]! / weight : otherwise[k]!;
    for (let i = this.#levels.length - 1; i > 0; i--) fill(this.#levels[i - 1]!, this.#levels[i]!);
  }

  /**
   * A spread colour, between the places around it.
   *
   * @param x - in places of the finest level, whose middles are at whole numbers
   * @param color - where it goes
   */
  read(x: number, y: number, color: Float64Array): void {
    readLevel(this.#levels[0]!, x, y, color);
  }
}

/** Averages of two by two places; those beyond the border count as unknown. */
function shrink(fine: Level, coarse: Level): void {
  const { width, height, values } = fine;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * SUMS;
      const to = ((y >> 1) * coarse.width + (x >> 1)) * SUMS;
      for (let k = 0; k < SUMS; k++) coarse.values[to + k]! += values[from + k]! / 4;
    }
  }
}

/** Turns sums into colours, with those of the next level where little is known. */
function fill({ width, height, values }: Level, coarse: Level): void {
  const around = new Float64Array(3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * SUMS;
      readLevel(coarse, (x - 0.5) / 2, (y - 0.5) / 2, around);
      const scale = 1 / (values[at + 3]! + FROM_AROUND);
      for (let k = 0; k < 3; k++) {
        values[at + k] = (values[at + k]! + FROM_AROUND * around[k]!) * scale;
      }
    }
  }
}

function readLevel(
  { width, height, values }: Level,
  x: number,
  y: number,
  color: Float64Array,
): void {
  const column = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
  const row = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
  const left = Math.floor(column);
  const top = Math.floor(row);
  const right = left + 1 < width ? SUMS : 0;
  const below = top + 1 < height ? width * SUMS : 0;
  const across = column - left;
  const down = row - top;
  const at = (top * width + left) * SUMS;
  for (let k = 0; k < 3; k++) {
    const above = values[at + k]! + across * (values[at + right + k]! - values[at + k]!);
    const under =
      values[at + below + k]! +
      across * (values[at + below + right + k]! - values[at + below + k]!);
    color[k] = above + down * (under - above);
  }
}
