// From low-resolution logits straight to run lengths at the original size. The operator is the one of
// upsample-logits.ts, walked column by column, because that is how run lengths lie: no bitmap and no
// float per pixel exist in between, and a stretch on one side of all thresholds costs one comparison.

import { assertMaskSize } from './bitmap.ts';
import type { Box } from './box.ts';
import { RunEdges } from './run-edges.ts';
import { stretchesOf, type Taps } from './resampling-taps.ts';
import type { Rle } from './run-length.ts';
import type { Size } from './size.ts';
import { upsamplingTaps, type UpsamplingPath, type UpsamplingTaps } from './upsampling-path.ts';

/** What {@link RleUpsampler} needs to know. */
export interface RleUpsamplerOptions {
  /** Of the logits. */
  readonly logits: Size;
  /** Of the picture, or of the part of it that the logits lie over. */
  readonly output: Size;
  /** How the logits lie over the output. */
  readonly path: UpsamplingPath;
  /** Where the output lies in a larger picture. Default: it is the picture. */
  readonly placement?: { readonly x: number; readonly y: number; readonly image: Size };
  /** A pixel is inside when its logit is above this. Default 0. */
  readonly threshold?: number;
  /** Count a logit equal to the threshold as inside. Default `false`. */
  readonly inclusive?: boolean;
  /** Distance from the threshold at which the stability score looks. Default 1. */
  readonly stabilityOffset?: number;
}

/** A mask at the size of the picture, and what was counted on the way. */
export interface UpsampledRle {
  /** At the size of the picture. */
  readonly rle: Rle;
  readonly area: number;
  /** In pixels of the picture; all zeros for an empty mask. */
  readonly bounds: Box;
  /**
   * Pixels above `threshold + offset` over pixels above `threshold - offset`, counted at the size of
   * the output, as a float32; 0 where no logit exceeds the lower one.
   */
  readonly stability: number;
}

/**
 * Makes masks of the size of a picture from many low-resolution logits that lie over it in the same
 * way. Equal to `upsampleLogits`, `stabilityScore` of its logits, and `encodeRle` in turn.
 */
export class RleUpsampler {
  readonly #logits: Size;
  readonly #output: Size;
  readonly #image: Size;
  readonly #left: number;
  readonly #top: number;
  readonly #taps: UpsamplingTaps;
  readonly #stretches: Int32Array;
  readonly #rule: Rule;
  readonly #columns: Float32Array; // [logits.width, logits.height]
  readonly #mixed: Float64Array; // [logits.height]
  readonly #edges = new RunEdges();

  /** @throws MaskError `invalid-size` or `size-mismatch` */
  constructor(options: RleUpsamplerOptions) {
    const { logits, output, path, placement, threshold = 0, stabilityOffset = 1 } = options;
    assertMaskSize(logits);
    this.#logits = logits;
    this.#output = output;
    this.#image = placement?.image ?? output;
    this.#left = placement?.x ?? 0;
    this.#top = placement?.y ?? 0;
    assertMaskSize(this.#image);
    this.#taps = upsamplingTaps(logits, output, path);
    this.#stretches = stretchesOf(this.#taps.vertical);
    this.#rule = {
      low: Math.fround(threshold - stabilityOffset),
      middle: threshold,
      high: Math.fround(threshold + stabilityOffset),
      inclusive: options.inclusive ?? false,
      // Covers the rounding of weights that sum to 1 only nearly.
      margin: this.#taps.convex
        ? (Math.abs(threshold) + Math.abs(stabilityOffset)) * 1e-5
        : Infinity,
    };
    this.#columns = new Float32Array(logits.width * logits.height);
    this.#mixed = new Float64Array(logits.height);
  }

  /** @param logits - `[height, width]` of one mask, row by row; not kept */
  upsample(logits: Float32Array): UpsampledRle {
    const { horizontal, vertical } = this.#taps;
    const { width, height } = this.#output;
    const extremes = this.#transpose(logits);
    const counter = new ColumnCounter(this.#rule, this.#edges);
    this.#edges.clear();
    for (let x = 0; x < width; x++) {
      const base = (this.#left + x) * this.#image.height + this.#top;
      const [least, most] = rangeOf(horizontal, x, extremes);
      if (most < this.#rule.low - this.#rule.margin) continue;
      if (least > this.#rule.high + this.#rule.margin) {
        counter.addInside(x, 0, height, base);
        continue;
      }
      this.#mixColumns(horizontal, x);
      counter.addColumn(x, this.#mixed, vertical, this.#stretches, base);
    }
    return {
      rle: this.#edges.toRle(this.#image),
      area: counter.area,
      bounds: counter.boundsAt(this.#left, this.#top),
      stability: counter.stability,
    };
  }

  /** @returns the least and the greatest logit of each column, `[2, width]` */
  #transpose(logits: Float32Array): Float32Array {
    const { width, height } = this.#logits;
    const columns = this.#columns;
    const extremes = new Float32Array(2 * width);
    extremes.fill(Infinity, 0, width).fill(-Infinity, width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const logit = logits[y * width + x]!;
        columns[x * height + y] = logit;
        if (logit < extremes[x]!) extremes[x] = logit;
        if (logit > extremes[width + x]!) extremes[width + x] = logit;
      }
    }
    return extremes;
  }

  /** The mix of low-resolution columns that lies behind output column `x`. */
  #mixColumns({ count, first, weights }: Taps, x: number): void {
    const { height } = this.#logits;
    const columns = this.#columns;
    const mixed = this.#mixed;
    const start = first[x]! * height;
    const firstWeight = weights[x * count]!;
    for (let y = 0; y < height; y++) mixed[y] = firstWeight * columns[start + y]!;
    for (let k = 1; k < count; k++) {
      const weight = weights[x * count + k]!;
      if (weight === 0) continue;
      const column = start + k * height;
      for (let y = 0; y < height; y++) mixed[y]! += weight * columns[column + y]!;
    }
  }
}

interface Rule {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly inclusive: boolean;
  /**
   * Distance from a threshold beyond which a stretch is not evaluated; infinite where weights
   * overshoot.
   */
  readonly margin: number;
}

/** Thresholds columns and counts what lies above each threshold. */
class ColumnCounter {
  area = 0;
  #above = 0;
  #notBelow = 0;
  #first = -1;
  #last = -1;
  #top = Infinity;
  #bottom = -1;
  readonly #rule: Rule;
  readonly #edges: RunEdges;

  constructor(rule: Rule, edges: RunEdges) {
    this.#rule = rule;
    this.#edges = edges;
  }

  get stability(): number {
    if (this.#notBelow === 0) return 0;
    return Math.fround(Math.fround(this.#above) / Math.fround(this.#notBelow));
  }

  boundsAt(x: number, y: number): Box {
    if (this.area === 0) return { x: 0, y: 0, width: 0, height: 0 };
    return {
      x: x + this.#first,
      y: y + this.#top,
      width: this.#last - this.#first + 1,
      height: this.#bottom - this.#top,
    };
  }

  /** Counts pixels that are above all thresholds. */
  addInside(x: number, start: number, end: number, base: number): void {
    this.#above += end - start;
    this.#notBelow += end - start;
    this.#addRun(x, start, end, base);
  }

  addColumn(
    x: number,
    mixed: Float64Array,
    { count, first, weights }: Taps,
    stretches: Int32Array,
    base: number,
  ): void {
    const { low, middle, high, inclusive, margin } = this.#rule;
    let run = -1; // Where the current run began.
    let above = 0;
    let notBelow = 0;
    for (let s = 0; s + 1 < stretches.length; s++) {
      const start = stretches[s]!;
      const end = stretches[s + 1]!;
      const source = first[start]!;
      let least = mixed[source]!;
      let most = least;
      for (let k = 1; k < count; k++) {
        const value = mixed[source + k]!;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      if (most < low - margin) {
        if (run >= 0) this.#addRun(x, run, start, base);
        run = -1;
        continue;
      }
      if (least > high + margin) {
        above += end - start;
        notBelow += end - start;
        if (run < 0) run = start;
        continue;
      }
      for (let y = start; y < end; y++) {
        let sum = 0;
        for (let k = 0; k < count; k++) sum += weights[y * count + k]! * mixed[source + k]!;
        const logit = Math.fround(sum);
        if (logit > high) above += 1;
        if (logit > low) notBelow += 1;
        const isInside = logit > middle || (inclusive && logit === middle);
        if (isInside === run >= 0) continue;
        if (isInside) run = y;
        else {
          this.#addRun(x, run, y, base);
          run = -1;
        }
      }
    }
    if (run >= 0) this.#addRun(x, run, stretches.at(-1)!, base);
    this.#above += above;
    this.#notBelow += notBelow;
  }

  #addRun(x: number, start: number, end: number, base: number): void {
    this.#edges.add(base + start, base + end);
    this.area += end - start;
    if (this.#first < 0) this.#first = x;
    this.#last = x;
    this.#top = Math.min(this.#top, start);
    this.#bottom = Math.max(this.#bottom, end);
  }
}

/** Bounds of all that the taps of a sample can give, if their weights do not overshoot. */
function rangeOf(
  { count, first }: Taps,
  index: number,
  extremes: Float32Array, // [2, samples]
): [least: number, most: number] {
  const samples = extremes.length / 2;
  let least = Infinity;
  let most = -Infinity;
  for (let k = first[index]!; k < first[index]! + count; k++) {
    least = Math.min(least, extremes[k]!);
    most = Math.max(most, extremes[samples + k]!);
  }
  return [least, most];
}
