import type { Size } from '@samgpu/mask';

/** What one output position is made of: inputs from `start` on, by weight. */
interface Taps {
  readonly start: number;
  readonly weights: Float32Array;
}

/** Where the input lies in the output, which may be larger or smaller. */
export interface ResamplerPlacement {
  /** Output pixels per input pixel. */
  readonly scale: number;
  /** Output position of the input's left or top edge. */
  readonly offset: number;
}

/**
 * Resizes row by row: a triangle filter, as wide as an output pixel where the picture gets smaller
 * (which averages areas) and bilinear where it gets larger.
 *
 * Asked from top to bottom, it reads each input row once and keeps only those still needed.
 */
export class RowResampler {
  readonly #from: Size;
  readonly #width: number;
  readonly #channels: number;
  readonly #read: (y: number, row: Float32Array) => void;
  readonly #vertical: ResamplerPlacement;
  readonly #columns: readonly Taps[];
  readonly #rows = new Map<number, Float32Array>();
  readonly #input: Float32Array;

  /** @param read - gives a row of the input, `[from.width, channels]` */
  constructor(options: {
    readonly from: Size;
    readonly width: number;
    readonly channels: number;
    readonly horizontal: ResamplerPlacement;
    readonly vertical: ResamplerPlacement;
    readonly read: (y: number, row: Float32Array) => void;
  }) {
    const { from, width, channels, horizontal, vertical, read } = options;
    this.#from = from;
    this.#width = width;
    this.#channels = channels;
    this.#read = read;
    this.#vertical = vertical;
    this.#columns = Array.from({ length: width }, (_, x) => tapsAt(x, horizontal, from.width));
    this.#input = new Float32Array(from.width * channels);
  }

  /** @param into - `[width, channels]` */
  row(y: number, into: Float32Array): void {
    const { start, weights } = tapsAt(y, this.#vertical, this.#from.height);
    for (const index of this.#rows.keys()) if (index < start) this.#rows.delete(index);
    into.fill(0);
    for (const [i, weight] of weights.entries()) {
      const row = this.#rowAt(start + i);
      for (let at = 0; at < into.length; at++) into[at]! += row[at]! * weight;
    }
  }

  #rowAt(y: number): Float32Array {
    const known = this.#rows.get(y);
    if (known !== undefined) return known;
    const channels = this.#channels;
    this.#read(y, this.#input);
    const row = new Float32Array(this.#width * channels);
    for (let x = 0; x < this.#width; x++) {
      const { start, weights } = this.#columns[x]!;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) {
          sum += this.#input[(start + i) * channels + channel]! * weights[i]!;
        }
        row[x * channels + channel] = sum;
      }
    }
    this.#rows.set(y, row);
    return row;
  }
}

function tapsAt(position: number, { scale, offset }: ResamplerPlacement, length: number): Taps {
  const center = (position + 0.5 - offset) / scale;
  const reach = Math.max(1, 1 / scale);
  // Beside the input its edge goes on.
  const first = Math.min(length - 1, Math.max(0, Math.ceil(center - reach - 0.5)));
  const last = Math.max(first, Math.min(length - 1, Math.floor(center + reach - 0.5)));
  const weights = Float32Array.from({ length: last - first + 1 }, (_, i) =>
    Math.max(0, 1 - Math.abs(first + i + 0.5 - center) / reach),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0)
    return { start: first, weights: Float32Array.of(1, ...weights.subarray(1).fill(0)) };
  return { start: first, weights: weights.map((weight) => weight / sum) };
}
