// A guided filter (He, Sun and Tang, "Guided image filtering", 2013) that knows how much it knows.
//
// In a window around each cell, the line through colour space that best tells inside from outside is
// fitted to the labels of the mask, each with a weight that grows with its distance from the
// outline: near the outline, labels are what is to be found out. Its slope is then brought to the scale on
// which the means of the two sides lie at 0 and 1 (for two labels the fit is Fisher's discriminant,
// shrunk by the share of the variance that it explains), which makes the position of a colour on it
// an opacity. How far the colours of each side spread on that line is its variance.
//
// Windows of several sizes are averaged, each by its certainty: small ones where colours change
// along the outline, large ones where strands reach far out.

import type { MatteRules } from '../matte-device.ts';
import type { Pause } from '../pause.ts';
import { ColumnMoments, MOMENTS } from './column-moments.ts';
import { lineRules, SolvedLine, solveLine } from './solve-line.ts';
import type { CellSamples } from './cell-samples.ts';
import { boxAverage } from './box-average.ts';

/** One size of window, in pixels of the picture. */
export interface SeparationScale {
  readonly radius: number;
  /** Distance from the outline from which on a label counts fully. */
  readonly trusted: number;
}

/** Coefficients of a line per cell: opacity is `a · color + b`. */
export const LINE_FIELDS = 5;

/** Lines that separate the colours of an object from those around it. */
export interface ColorSeparation {
  readonly width: number;
  readonly height: number;
  /** Slope for red, green and blue, offset, and variance of the opacity. */
  readonly lines: Float32Array; // [height, width, 5]
}

/** Labels on the outline itself still count a little: most are right. */
const LEAST_WEIGHT = 0.01;

/** What rounding may leave of sums of weights where no window said anything; real ones are larger. */
const LEAST_CERTAINTY = 1e-5;

/** Variance of an opacity about which nothing is known. */
const UNKNOWN_VARIANCE = 1e4;

/** How colours are separated. */
export const separationRules: MatteRules['separation'] = {
  ...lineRules,
  leastWeight: LEAST_WEIGHT,
  leastCertainty: LEAST_CERTAINTY,
  unknownVariance: UNKNOWN_VARIANCE,
};

export interface SeparationOptions {
  readonly scales: readonly SeparationScale[];
  /** Of a cell, in pixels. */
  readonly side: number;
  /** Cells further from the outline get no line, in pixels. */
  readonly reach: number;
  /** Radius over which neighbouring lines are averaged, in pixels. */
  readonly smoothing: number;
}

/** A radius in whole cells. */
export function inCells(radius: number, side: number, least: number): number {
  return Math.max(least, Math.round(radius / side));
}

/**
 * Fits lines wherever a cell lies within `reach` of the outline.
 */
export async function separateColors(
  samples: CellSamples,
  { scales, side, reach, smoothing }: SeparationOptions,
  pause: Pause,
): Promise<ColorSeparation> {
  const { width, height } = samples;
  const sums = new Float32Array(width * height * (LINE_FIELDS + 1));
  for (const { radius, trusted } of scales) {
    await pause.maybe();
    addScale(samples, inCells(radius, side, 2), trusted, reach, sums);
  }
  const averaged = boxAverage(sums, {
    width,
    height,
    fields: LINE_FIELDS + 1,
    radius: inCells(smoothing, side, 1),
  });
  const lines = new Float32Array(width * height * LINE_FIELDS);
  for (let i = 0; i < width * height; i++) {
    const from = i * (LINE_FIELDS + 1);
    const certainty = averaged[from + LINE_FIELDS]!;
    if (certainty > LEAST_CERTAINTY) {
      for (let k = 0; k < LINE_FIELDS; k++) {
        lines[i * LINE_FIELDS + k] = averaged[from + k]! / certainty;
      }
    } else {
      lines[i * LINE_FIELDS + 3] = 0.5;
      lines[i * LINE_FIELDS + 4] = UNKNOWN_VARIANCE;
    }
  }
  return { width, height, lines };
}

/**
 * Adds the lines of one size of window, weighted by their certainty.
 *
 * @param radius - in cells
 * @param sums - `[height, width, 6]`: the line's fields and the weight
 */
function addScale(
  { width, height, colors, labels, distance }: CellSamples,
  radius: number,
  trusted: number,
  reach: number,
  sums: Float32Array,
): void {
  const weights = Float32Array.from(distance, (far) =>
    far === Infinity ? 0 : Math.max(LEAST_WEIGHT, Math.min(1, far / trusted) ** 2),
  );
  const moments = new ColumnMoments({ width, height, colors, labels, weights }, radius);
  const window = new Float64Array(MOMENTS);
  const line = new SolvedLine();
  for (let y = 0; y < height; y++) {
    moments.moveTo(y);
    moments.startRow(window);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (distance[i]! <= reach && solveLine(window, line)) {
        const weight = 1 / line.variance ** 2;
        const to = i * (LINE_FIELDS + 1);
        sums[to]! += weight * line.red;
        sums[to + 1]! += weight * line.green;
        sums[to + 2]! += weight * line.blue;
        sums[to + 3]! += weight * line.offset;
        sums[to + 4]! += weight * line.variance;
        sums[to + 5]! += weight;
      }
      moments.step(window, x);
    }
  }
}
