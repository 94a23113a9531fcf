import { LINKS } from './matting-laplacian.ts';

/** A system of equations over some pixels of a region. */
export interface LinkedSystem {
  /** Of the region. */
  readonly width: number;
  /** Pixels to be found, by their place in the region; at least two pixels from its border. */
  readonly pixels: Int32Array; // [count]
  /** How each of them is linked to the 5x5 around it. */
  readonly links: Float32Array; // [count, 25]
  /** How strongly each is drawn to its target. */
  readonly pull: Float32Array; // [count]
  readonly target: Float32Array; // [count]
}

/** When to stop. */
export interface SolverLimits {
  readonly iterations: number;
  /** Share of the first residual that may remain. */
  readonly tolerance: number;
}

/**
 * Solves `(L + pull) values = pull * target` by conjugate gradients, preconditioned with the
 * diagonal. Pixels that are not to be found keep their value and count as given.
 *
 * @param values - of the region, to begin with; those of `pixels` are replaced
 */
export function solveByConjugateGradients(
  system: LinkedSystem,
  values: Float32Array,
  { iterations, tolerance }: SolverLimits,
): void {
  const { pixels, links, pull, target } = system;
  const count = pixels.length;
  const residual = new Float32Array(count);
  const product = new Float32Array(count);
  const inverse = new Float32Array(count);
  const direction = new Float32Array(values.length);
  multiply(system, values, product);
  let rho = 0;
  for (let i = 0; i < count; i++) {
    const r = pull[i]! * target[i]! - product[i]!;
    residual[i] = r;
    // A pixel without links or pull, alone in a picture of one, keeps its value.
    const diagonal = links[i * LINKS + 12]! + pull[i]!;
    const m = diagonal > 1e-12 ? 1 / diagonal : 0;
    inverse[i] = m;
    direction[pixels[i]!] = m * r;
    rho += r * m * r;
  }
  const enough = rho * tolerance * tolerance;
  for (let i = 0; i < iterations && rho > enough && rho > 1e-20; i++) {
    multiply(system, direction, product);
    let curvature = 0;
    for (let i = 0; i < count; i++) curvature += direction[pixels[i]!]! * product[i]!;
    if (!(curvature > 0)) break;
    const step = rho / curvature;
    let next = 0;
    for (let i = 0; i < count; i++) {
      const pixel = pixels[i]!;
      values[pixel]! += step * direction[pixel]!;
      const r = residual[i]! - step * product[i]!;
      residual[i] = r;
      next += r * r * inverse[i]!;
    }
    const turn = next / rho;
    rho = next;
    for (let i = 0; i < count; i++) {
      const pixel = pixels[i]!;
      direction[pixel] = inverse[i]! * residual[i]! + turn * direction[pixel]!;
    }
  }
}

/** `product = (L + pull) values`, for the pixels to be found. */
function multiply(
  { width, pixels, links, pull }: LinkedSystem,
  values: Float32Array,
  product: Float32Array,
): void {
  for (let i = 0, link = 0; i < pixels.length; i++) {
    const center = pixels[i]!;
    let sum = pull[i]! * values[center]!;
    for (let at = center - 2 * width - 2, end = at + 5 * width; at < end; at += width, link += 5) {
      sum +=
        links[link]! * values[at]! +
        links[link + 1]! * values[at + 1]! +
        links[link + 2]! * values[at + 2]! +
        links[link + 3]! * values[at + 3]! +
        links[link + 4]! * values[at + 4]!;
    }
    product[i] = sum;
  }
}
