// From low-resolution logits to a mask at the original size. The official code enlarges to the model
// frame, crops the padding and resizes to the image, with whole float images in between: 400 MB for
// a 24-megapixel photo. Here both steps are one operator per axis (resampling-taps.ts), and one
// output row at a time is made from one mixed low-resolution row.
//
// Bilinear weights never overshoot, so where all taps of a stretch lie on one side of the threshold,
// the stretch is filled without being evaluated. That is nearly everything but the outline.

import type { Box } from './box.ts';
import type { Size } from './size.ts';
import type { Bitmap } from './bitmap.ts';
import { stretchesOf, type Taps } from './resampling-taps.ts';
import {
  assertLogits,
  upsamplingTaps,
  type Logits,
  type UpsamplingPath,
} from './upsampling-path.ts';

/** How {@link upsampleLogits} thresholds and what it returns. */
export interface UpsampleOptions {
  /** A pixel is inside when its logit is above this. Default 0. */
  readonly threshold?: number;
  /** Count a logit equal to the threshold as inside, as EfficientSAM does. Default `false`. */
  readonly inclusive?: boolean;
  /** Also return the logits at the original size, 4 bytes per pixel. Default `false`. */
  readonly returnLogits?: boolean;
}

/** A mask at the original size, with what fell off on the way. */
export interface UpsampledMask {
  readonly bitmap: Bitmap;
  /** Number of pixels inside. */
  readonly area: number;
  /** The smallest box around all pixels inside; all zeros for an empty mask. */
  readonly bounds: Box;
  /** Present when `returnLogits` was set. */
  readonly logits?: Logits;
}

/**
 * Enlarges logits of one mask to the original image and thresholds them, equal to the official
 * `postprocess_masks` (up to rounding in the last digits of an f32).
 *
 * @param logits - of one mask, at the model's resolution
 * @param output - size of the original image
 * @param path - how the logits lie over the image
 * @throws MaskError `invalid-size` or `size-mismatch`
 */
export function upsampleLogits(
  logits: Logits,
  output: Size,
  path: UpsamplingPath,
  options: UpsampleOptions = {},
): UpsampledMask {
  assertLogits(logits);
  const { threshold = 0, inclusive = false, returnLogits = false } = options;
  const { horizontal, vertical, convex } = upsamplingTaps(logits, output, path);
  const { width, height } = output;
  const data = new Uint8Array(width * height);
  const fullLogits = returnLogits ? new Float32Array(width * height) : undefined;

  const stretches = stretchesOf(horizontal);
  const mixed = new Float64Array(logits.width);
  const rule: Rule = {
    threshold,
    inclusive,
    margin: convex ? Math.abs(threshold) * 1e-5 : Infinity,
  };
  const found = { left: width, right: -1, top: -1, bottom: -1, area: 0 };

  for (let y = 0; y < height; y++) {
    mixRows(logits, vertical, y, mixed);
    const row = data.subarray(y * width, (y + 1) * width);
    const area =
      fullLogits === undefined
        ? thresholdRow(mixed, horizontal, stretches, rule, row)
        : evaluateRow(mixed, horizontal, rule, row, fullLogits, y * width);
    if (area === 0) continue;
    found.area += area;
    if (found.top < 0) found.top = y;
    found.bottom = y;
    found.left = Math.min(found.left, row.indexOf(1));
    found.right = Math.max(found.right, row.lastIndexOf(1));
  }

  const bounds: Box =
    found.area === 0
      ? { x: 0, y: 0, width: 0, height: 0 }
      : {
          x: found.left,
          y: found.top,
          width: found.right - found.left + 1,
          height: found.bottom - found.top + 1,
        };
  const result = { bitmap: { width, height, data }, area: found.area, bounds };
  return fullLogits === undefined
    ? result
    : { ...result, logits: { width, height, data: fullLogits } };
}

/**
 * Whether one pixel of the mask that {@link upsampleLogits} makes is inside, without the others.
 *
 * @param x - column of the image, a whole number within it, and `y` its row
 * @throws MaskError `invalid-size` or `size-mismatch`
 */
export function isInsideUpsampled(
  logits: Logits,
  output: Size,
  path: UpsamplingPath,
  { threshold = 0, inclusive = false }: Pick<UpsampleOptions, 'threshold' | 'inclusive'>,
  x: number,
  y: number,
): boolean {
  assertLogits(logits);
  const { horizontal, vertical } = upsamplingTaps(logits, output, path);
  const mixed = new Float64Array(logits.width);
  mixRows(logits, vertical, y, mixed);
  const logit = logitAt(mixed, horizontal, x);
  return logit > threshold || (inclusive && logit === threshold);
}

/** Rounded so that masks agree with the logits of `returnLogits`. */
function logitAt(mixed: Float64Array, { count, first, weights }: Taps, x: number): number {
  const source = first[x]!;
  let sum = 0;
  for (let k = 0; k < count; k++) sum += weights[x * count + k]! * mixed[source + k]!;
  return Math.fround(sum);
}

interface Rule {
  readonly threshold: number;
  readonly inclusive: boolean;
  /**
   * Distance from the threshold beyond which a stretch may be filled unevaluated. It covers the
   * rounding of weights that sum to 1 only nearly, which is relative to the logits, and is infinite
   * where weights overshoot.
   */
  readonly margin: number;
}

/** The mix of low-resolution rows that lies behind output row `y`. */
function mixRows(logits: Logits, vertical: Taps, y: number, mixed: Float64Array): void {
  const { data, width } = logits;
  const { count } = vertical;
  const start = vertical.first[y]! * width;
  const firstWeight = vertical.weights[y * count]!;
  for (let x = 0; x < width; x++) mixed[x] = firstWeight * data[start + x]!;
  for (let k = 1; k < count; k++) {
    const weight = vertical.weights[y * count + k]!;
    if (weight === 0) continue;
    const row = start + k * width;
    for (let x = 0; x < width; x++) mixed[x]! += weight * data[row + x]!;
  }
}

function thresholdRow(
  mixed: Float64Array,
  taps: Taps,
  stretches: Int32Array,
  rule: Rule,
  row: Uint8Array,
): number {
  const { count, first } = taps;
  const { threshold, inclusive } = rule;
  const high = threshold + rule.margin;
  const low = threshold - rule.margin;
  let area = 0;
  for (let s = 0; s + 1 < stretches.length; s++) {
    const start = stretches[s]!;
    const end = stretches[s + 1]!;
    const source = first[start]!;
    let above = 0;
    let below = 0;
    for (let k = 0; k < count; k++) {
      const value = mixed[source + k]!;
      if (value > high) above += 1;
      else if (value < low) below += 1;
    }
    if (below === count) continue; // The row is 0 already.
    if (above === count) {
      row.fill(1, start, end);
      area += end - start;
      continue;
    }
    for (let x = start; x < end; x++) {
      const logit = logitAt(mixed, taps, x);
      if (logit > threshold || (inclusive && logit === threshold)) {
        row[x] = 1;
        area += 1;
      }
    }
  }
  return area;
}

function evaluateRow(
  mixed: Float64Array,
  taps: Taps,
  { threshold, inclusive }: Rule,
  row: Uint8Array,
  fullLogits: Float32Array,
  offset: number,
): number {
  let area = 0;
  for (let x = 0; x < row.length; x++) {
    const logit = logitAt(mixed, taps, x);
    fullLogits[offset + x] = logit;
    if (logit > threshold || (inclusive && logit === threshold)) {
      row[x] = 1;
      area += 1;
    }
  }
  return area;
}
