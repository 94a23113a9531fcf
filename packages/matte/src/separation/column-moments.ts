/** Sums over a window: 1, label, colour (3), colour times label (3), products of colours (6). */
export const MOMENTS = 14;

/** What sums are taken of. */
export interface WeightedSamples {
  readonly width: number;
  readonly height: number;
  readonly colors: Float32Array; // [height, width, 3]
  readonly labels: Uint8Array; // [height, width]
  readonly weights: Float32Array; // [height, width]
}

/**
 * Weighted sums over square windows that slide over samples, row by row: each step adds what comes
 * in and takes off what leaves, so the size of the window costs nothing. At the border the part of
 * the window that lies within is summed.
 */
export class ColumnMoments {
  readonly #samples: WeightedSamples;
  readonly #radius: number;
  /** Sums over the rows of the window. */
  readonly #columns: Float64Array; // [width, MOMENTS]
  #row = -1;

  constructor(samples: WeightedSamples, radius: number) {
    this.#samples = samples;
    this.#radius = radius;
    this.#columns = new Float64Array(samples.width * MOMENTS);
    for (let y = 0; y < Math.min(radius, samples.height); y++) this.#addRow(y, 1);
  }

  /** Goes on to the next row, 0 at first. */
  moveTo(row: number): void {
    if (row !== this.#row + 1) throw new RangeError(`row ${row} after ${this.#row}`);
    this.#row = row;
    if (row + this.#radius < this.#samples.height) this.#addRow(row + this.#radius, 1);
    if (row - this.#radius > 0) this.#addRow(row - this.#radius - 1, -1);
  }

  /** Sums over the window around the first sample of the row. */
  startRow(window: Float64Array): void {
    window.fill(0);
    const end = Math.min(this.#samples.width, this.#radius + 1) * MOMENTS;
    for (let i = 0; i < end; i += MOMENTS) {
      for (let k = 0; k < MOMENTS; k++) window[k]! += this.#columns[i + k]!;
    }
  }

  /** Moves the window from around `x` to around `x + 1`. */
  step(window: Float64Array, x: number): void {
    const columns = this.#columns;
    const entering = x + this.#radius + 1;
    if (entering < this.#samples.width) {
      const from = entering * MOMENTS;
      for (let k = 0; k < MOMENTS; k++) window[k]! += columns[from + k]!;
    }
    const leaving = x - this.#radius;
    if (leaving >= 0) {
      const from = leaving * MOMENTS;
      for (let k = 0; k < MOMENTS; k++) window[k]! -= columns[from + k]!;
    }
  }

  #addRow(y: number, sign: 1 | -1): void {
    const { width, colors, labels, weights } = this.#samples;
    const columns = this.#columns;
    for (let x = 0, to = 0; x < width; x++, to += MOMENTS) {
      const i = y * width + x;
      const weight = sign * weights[i]!;
      const red = colors[i * 3]!;
      const green = colors[i * 3 + 1]!;
      const blue = colors[i * 3 + 2]!;
      const weightRed = weight * red;
      const weightGreen = weight * green;
      const weightBlue = weight * blue;
      columns[to]! += weight;
      columns[to + 2]! += weightRed;
      columns[to + 3]! += weightGreen;
      columns[to + 4]! += weightBlue;
      columns[to + 8]! += weightRed * red;
      columns[to + 9]! += weightRed * green;
      columns[to + 10]! += weightRed * blue;
      columns[to + 11]! += weightGreen * green;
      columns[to + 12]! += weightGreen * blue;
      columns[to + 13]! += weightBlue * blue;
      if (labels[i] === 0) continue;
      columns[to + 1]! += weight;
      columns[to + 5]! += weightRed;
      columns[to + 6]! += weightGreen;
      columns[to + 7]! += weightBlue;
    }
  }
}
