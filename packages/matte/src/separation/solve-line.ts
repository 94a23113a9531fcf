import type { MatteRules } from '../matte-device.ts';

/** A line through colour space on which one side lies at 0 and the other at 1. */
export class SolvedLine {
  red = 0;
  green = 0;
  blue = 0;
  offset = 0;
  /** Of the opacity that the line gives, within each side. */
  variance = 0;
}

/** Added to the variance of each colour channel: some 2.5 levels of 255. */
const REGULARIZATION = 1e-4;

/** The least variance that an opacity has, as no colour is known better than some noise. */
const LEAST_VARIANCE = 2e-3;

/** An opacity with a variance beyond this is as good as unknown. */
const MOST_VARIANCE = 4;

/** Less weight than this in a window is what rounding leaves of sums. */
const LEAST_COUNT = 1e-6;

/** Samples fewer than about this many on a side leave its mean open. */
const FEW_SAMPLES = 3;

/** How lines are fitted. */
export const lineRules: Pick<
  MatteRules['separation'],
  'regularization' | 'leastVariance' | 'mostVariance' | 'fewSamples'
> = {
  regularization: REGULARIZATION,
  leastVariance: LEAST_VARIANCE,
  mostVariance: MOST_VARIANCE,
  fewSamples: FEW_SAMPLES,
};

/**
 * Fits the line to the moments of a window.
 *
 * @param moments - see `ColumnMoments`
 * @param line - where the result goes
 * @returns `false` where the window tells nothing: it lies on one side, or its colours do not differ
 */
export function solveLine(moments: Float64Array, line: SolvedLine): boolean {
  const count = moments[0]!;
  const share = moments[1]! / count;
  const total = share * (1 - share); // Variance of the labels.
  if (!(count > LEAST_COUNT && total > 1e-6)) return false;
  const [red, green, blue] = [moments[2]! / count, moments[3]! / count, moments[4]! / count];
  const withRed = moments[5]! / count - share * red;
  const withGreen = moments[6]! / count - share * green;
  const withBlue = moments[7]! / count - share * blue;
  const rr = moments[8]! / count - red * red + REGULARIZATION;
  const rg = moments[9]! / count - red * green;
  const rb = moments[10]! / count - red * blue;
  const gg = moments[11]! / count - green * green + REGULARIZATION;
  const gb = moments[12]! / count - green * blue;
  const bb = moments[13]! / count - blue * blue + REGULARIZATION;

  // Cofactors of the symmetric matrix.
  const c0 = gg * bb - gb * gb;
  const c1 = rb * gb - rg * bb;
  const c2 = rg * gb - rb * gg;
  const c3 = rr * bb - rb * rb;
  const c4 = rg * rb - rr * gb;
  const c5 = rr * gg - rg * rg;
  const determinant = rr * c0 + rg * c1 + rb * c2;
  const slopeRed = (c0 * withRed + c1 * withGreen + c2 * withBlue) / determinant;
  const slopeGreen = (c1 * withRed + c3 * withGreen + c4 * withBlue) / determinant;
  const slopeBlue = (c2 * withRed + c4 * withGreen + c5 * withBlue) / determinant;

  const explained = slopeRed * withRed + slopeGreen * withGreen + slopeBlue * withBlue;
  const explainedShare = Math.min(1, explained / total);
  if (!(explainedShare > 0)) return false;
  const spread = (total * (1 - explainedShare)) / explainedShare;
  line.variance = spread * (1 + FEW_SAMPLES / (count * total)) + LEAST_VARIANCE;
  if (line.variance > MOST_VARIANCE) return false;
  const scale = 1 / explainedShare;
  line.red = slopeRed * scale;
  line.green = slopeGreen * scale;
  line.blue = slopeBlue * scale;
  line.offset = share - line.red * red - line.green * green - line.blue * blue;
  return true;
}
