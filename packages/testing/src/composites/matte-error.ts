import type { Composite } from './composite.ts';

/** How far a matte is from the truth, over the pixels of a region. */
export interface MatteError {
  /** Mean absolute error of the alpha, 0 to 1. */
  readonly mean: number;
  /** Mean squared error of the steepness of the alpha (Rhemann et al. 2009), times 1000. */
  readonly gradient: number;
}

/** Standard deviation of the Gaussian whose derivatives measure steepness, in pixels. */
const SCALE = 1.4;
const RADIUS = Math.ceil(3 * SCALE);

/**
 * The pixels that a matte is judged by: those near the outline of the mask, those that the object
 * covers in part, and those where the mask is wrong.
 *
 * @param outlineDistance - of each pixel from the mask's outline, unsigned
 * @param band - pixels to both sides of the outline
 */
export function unknownRegion(
  { width, height, alpha, mask }: Composite,
  outlineDistance: ArrayLike<number>,
  band: number,
): Uint8Array {
  const region = new Uint8Array(width * height);
  for (let i = 0; i < region.length; i++) {
    const isMixed = alpha[i]! > 0.004 && alpha[i]! < 0.996;
    const isWrong = Math.abs(alpha[i]! - mask.data[i]!) > 0.02;
    if (outlineDistance[i]! <= band || isMixed || isWrong) region[i] = 1;
  }
  return region;
}

/** @param alpha - 0 to 1 */
export function matteError(
  alpha: ArrayLike<number>,
  composite: Composite,
  region: Uint8Array,
): MatteError {
  const { width, height } = composite;
  const steepness = gradientMagnitude(alpha, width, height);
  const wanted = gradientMagnitude(composite.alpha, width, height);
  let [count, sum, squares] = [0, 0, 0];
  for (let i = 0; i < region.length; i++) {
    if (region[i] === 0) continue;
    count += 1;
    sum += Math.abs(alpha[i]! - composite.alpha[i]!);
    squares += (steepness[i]! - wanted[i]!) ** 2;
  }
  return { mean: sum / count, gradient: (1000 * squares) / count };
}

/** By the first derivatives of a Gaussian; what lies beyond the border repeats it. */
function gradientMagnitude(values: ArrayLike<number>, width: number, height: number): Float32Array {
  const smooth = new Float64Array(2 * RADIUS + 1);
  const slope = new Float64Array(2 * RADIUS + 1);
  let [total, moment] = [0, 0];
  for (let i = -RADIUS; i <= RADIUS; i++) {
    const weight = Math.exp(-(i * i) / (2 * SCALE * SCALE));
    smooth[i + RADIUS] = weight;
    slope[i + RADIUS] = i * weight;
    total += weight;
    moment += i * i * weight;
  }
  for (let i = 0; i <= 2 * RADIUS; i++) {
    smooth[i]! /= total;
    slope[i]! /= moment;
  }
  const across = convolve(
    convolve(values, slope, width, height, 1, 0),
    smooth,
    width,
    height,
    0,
    1,
  );
  const down = convolve(convolve(values, smooth, width, height, 1, 0), slope, width, height, 0, 1);
  return across.map((value, i) => Math.hypot(value, down[i]!));
}

function convolve(
  values: ArrayLike<number>,
  weights: Float64Array,
  width: number,
  height: number,
  stepX: 0 | 1,
  stepY: 0 | 1,
): Float32Array {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -RADIUS; k <= RADIUS; k++) {
        const column = Math.min(width - 1, Math.max(0, x + k * stepX));
        const row = Math.min(height - 1, Math.max(0, y + k * stepY));
        sum += weights[k + RADIUS]! * values[row * width + column]!;
      }
      result[y * width + x] = sum;
    }
  }
  return result;
}
