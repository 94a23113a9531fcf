// The picture out of focus as if the objects had not been there: each pixel counts by how much of it is
// not an object's ("normalized convolution", Knutsson and Westin, 1993), so no colour of an object gets
// around it as a halo. Wide blurs are made of a smaller picture; everything goes row by row.

import type { PixelSource } from '@samgpu/mask';

import type { ObjectPixels } from '../object-pixels.ts';
import type { BackgroundRows } from './background-rows.ts';
import { CoarseFill } from './coarse-fill.ts';
import { RemovedObjects } from './removed-objects.ts';

/** Below this share of known background the colours are filled in from further away. */
const enoughBackground = 0.05;

/** Cells of the picture that fills in, along its longer side; and how many pixels of a cell are looked at. */
const fillCells = 96;
const samplesPerCell = 8;

export class BlurredPicture implements BackgroundRows {
  readonly #image: PixelSource;
  readonly #removed: RemovedObjects;
  /** Pixels of the picture to a side of a cell of the smaller one. */
  readonly #factor: number;
  readonly #width: number;
  readonly #height: number;
  readonly #kernel: Float32Array;
  readonly #fill: CoarseFill;
  /** Rows of the smaller picture, blurred across; and those blurred both ways. */
  readonly #across = new Map<number, Float32Array>();
  readonly #blurred = new Map<number, Float32Array>();

  /** @param radius - standard deviation in pixels, above 0 */
  constructor(image: PixelSource, objects: readonly ObjectPixels[], radius: number) {
    this.#image = image;
    this.#removed = new RemovedObjects(image, objects);
    const factor = 2 ** Math.max(0, Math.floor(Math.log2(radius / 1.5)));
    this.#factor = factor;
    this.#width = Math.ceil(image.width / factor);
    this.#height = Math.ceil(image.height / factor);
    // Averaging cells and interpolating between them blur by themselves: factor² / 12 and factor² / 6.
    const own = factor === 1 ? 0 : factor ** 2 / 4;
    this.#kernel = gaussian(Math.sqrt(radius ** 2 - own) / factor);
    this.#fill = this.#coarseFill();
  }

  rows(top: number, count: number, into: Uint8ClampedArray): void {
    const { width, channels = 4, data } = this.#image;
    const factor = this.#factor;
    const sums = new Float32Array(4);
    const filled = new Float32Array(3);
    for (let y = top; y < top + count; y++) {
      const lowY = (y + 0.5) / factor - 0.5;
      const firstRow = Math.floor(lowY);
      const above = this.#blurredRow(firstRow);
      const below = this.#blurredRow(firstRow + 1);
      const shareBelow = lowY - firstRow;
      this.#forget(firstRow);
      for (let x = 0, to = (y - top) * width * 4; x < width; x++, to += 4) {
        const lowX = (x + 0.5) / factor - 0.5;
        const column = Math.floor(lowX);
        const shareRight = lowX - column;
        const left = Math.max(0, column) * 4;
        const right = Math.min(this.#width - 1, column + 1) * 4;
        for (let channel = 0; channel < 4; channel++) {
          const upper =
            above[left + channel]! * (1 - shareRight) + above[right + channel]! * shareRight;
          const lower =
            below[left + channel]! * (1 - shareRight) + below[right + channel]! * shareRight;
          sums[channel] = upper + (lower - upper) * shareBelow;
        }
        const known = sums[3]!;
        if (known < enoughBackground) {
          this.#fill.colorAt((x + 0.5) / width, (y + 0.5) / this.#image.height, filled);
          for (let channel = 0; channel < 3; channel++) {
            sums[channel]! += filled[channel]! * (enoughBackground - known);
          }
        }
        const weight = Math.max(known, enoughBackground);
        into[to] = sums[0]! / weight;
        into[to + 1] = sums[1]! / weight;
        into[to + 2] = sums[2]! / weight;
        into[to + 3] = channels === 4 ? data[(y * width + x) * 4 + 3]! : 255;
      }
    }
  }

  #forget(firstRow: number): void {
    const reach = (this.#kernel.length - 1) / 2;
    for (const row of this.#blurred.keys()) if (row < firstRow) this.#blurred.delete(row);
    for (const row of this.#across.keys()) if (row < firstRow - reach) this.#across.delete(row);
  }

  #blurredRow(wanted: number): Float32Array {
    const y = Math.min(this.#height - 1, Math.max(0, wanted));
    let row = this.#blurred.get(y);
    if (row !== undefined) return row;
    row = new Float32Array(this.#width * 4);
    const reach = (this.#kernel.length - 1) / 2;
    // Beside the picture there is nothing, which has no weight. Weights of a whole picture sum to 1.
    let total = 0;
    for (let offset = -reach; offset <= reach; offset++) {
      if (y + offset < 0 || y + offset >= this.#height) continue;
      const share = this.#kernel[offset + reach]!;
      const across = this.#rowAcross(y + offset);
      for (let i = 0; i < row.length; i++) row[i]! += across[i]! * share;
      total += share;
    }
    for (let i = 0; i < row.length; i++) row[i]! /= total;
    this.#blurred.set(y, row);
    return row;
  }

  #rowAcross(y: number): Float32Array {
    const known = this.#across.get(y);
    if (known !== undefined) return known;
    const cells = this.#cells(y);
    const kernel = this.#kernel;
    const reach = (kernel.length - 1) / 2;
    const width = this.#width;
    const row = new Float32Array(width * 4);
    for (let x = 0; x < width; x++) {
      let [red, green, blue, weight, total] = [0, 0, 0, 0, 0];
      const last = Math.min(width - 1, x + reach);
      for (let from = Math.max(0, x - reach); from <= last; from++) {
        const share = kernel[from - x + reach]!;
        red += cells[from * 4]! * share;
        green += cells[from * 4 + 1]! * share;
        blue += cells[from * 4 + 2]! * share;
        weight += cells[from * 4 + 3]! * share;
        total += share;
      }
      row[x * 4] = red / total;
      row[x * 4 + 1] = green / total;
      row[x * 4 + 2] = blue / total;
      row[x * 4 + 3] = weight / total;
    }
    this.#across.set(y, row);
    return row;
  }

  /** A row of the smaller picture: averages over cells of colour times weight, and of the weight. */
  #cells(lowY: number): Float32Array {
    const { width, height, channels = 4, data } = this.#image;
    const factor = this.#factor;
    const cells = new Float32Array(this.#width * 4);
    const last = Math.min(height, (lowY + 1) * factor);
    for (let y = lowY * factor; y < last; y++) {
      const shares = this.#removed.remaining(y);
      for (let x = 0, from = y * width * channels; x < width; x++, from += channels) {
        const alpha = channels === 4 ? data[from + 3]! / 255 : 1;
        const weight = shares[x]! * alpha;
        const to = Math.floor(x / factor) * 4;
        cells[to]! += data[from]! * weight;
        cells[to + 1]! += data[from + 1]! * weight;
        cells[to + 2]! += data[from + 2]! * weight;
        cells[to + 3]! += weight;
      }
    }
    const rows = last - lowY * factor;
    for (let x = 0; x < this.#width; x++) {
      const count = rows * (Math.min(width, (x + 1) * factor) - x * factor);
      for (let channel = 0; channel < 4; channel++) cells[x * 4 + channel]! /= count;
    }
    return cells;
  }

  #coarseFill(): CoarseFill {
    const { width, height, channels = 4, data } = this.#image;
    const cell = Math.max(1, Math.ceil(Math.max(width, height) / fillCells));
    const size = { width: Math.ceil(width / cell), height: Math.ceil(height / cell) };
    const sums = new Float32Array(size.width * size.height * 4);
    const counts = new Float32Array(size.width * size.height);
    const step = Math.max(1, Math.floor(cell / samplesPerCell));
    for (let y = 0; y < height; y += step) {
      const shares = this.#removed.remaining(y);
      for (let x = 0; x < width; x += step) {
        const from = (y * width + x) * channels;
        const weight = shares[x]! * (channels === 4 ? data[from + 3]! / 255 : 1);
        const to = Math.floor(y / cell) * size.width + Math.floor(x / cell);
        for (let channel = 0; channel < 3; channel++) {
          sums[to * 4 + channel]! += data[from + channel]! * weight;
        }
        sums[to * 4 + 3]! += weight;
        counts[to]! += 1;
      }
    }
    for (let i = 0; i < sums.length; i++) sums[i]! /= counts[i >> 2]!;
    return new CoarseFill(sums, size);
  }
}

/** Weights of a Gauss curve to three standard deviations, of the sum 1. */
function gaussian(deviation: number): Float32Array {
  const reach = Math.max(1, Math.ceil(3 * deviation));
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}
