/** For each output position, the run of source positions that it blends, and their weights. */
export interface Taps {
  /** First source position, `[outputs]`. */
  readonly first: Int32Array;
  /** Number of source positions, `[outputs]`. */
  readonly count: Int32Array;
  /** `[outputs, longest]`; weights past `count` are zero. The weights of an output sum to 1. */
  readonly weights: Float64Array;
  /** The greatest `count` possible. */
  readonly longest: number;
}

/** A filter to resample with, that widens with the step when shrinking, so that every pixel counts. */
interface Filter {
  /** How far it reaches where it is not widened. */
  readonly radius: number;
  /** By the distance from its centre. */
  weight(distance: number, round: (value: number) => number): number;
}

const TRIANGLE: Filter = {
  radius: 1,
  weight: (distance, round) => (distance < 1 ? round(1 - distance) : 0),
};

/** With a = -0.5 (Keys, "Cubic convolution interpolation for digital image processing", 1981). */
const CUBIC: Filter = {
  radius: 2,
  weight(x) {
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? -0.5 * (((x - 5) * x + 8) * x - 4) : 0;
  },
};

/**
 * Weights of a triangle filter. Pillow's `BILINEAR` and PyTorch's antialiased bilinear both use it.
 *
 * @param precision - of the arithmetic: Pillow has `double`, PyTorch `single`. Far from the origin
 *   single precision moves the weights visibly, so it is reproduced.
 */
export function triangleTaps(
  sourceLength: number,
  outputLength: number,
  precision: 'single' | 'double',
): Taps {
  return filterTaps(sourceLength, outputLength, TRIANGLE, precision);
}

/** Weights of Pillow's `BICUBIC`. */
export function cubicTaps(sourceLength: number, outputLength: number): Taps {
  return filterTaps(sourceLength, outputLength, CUBIC, 'double');
}

function filterTaps(
  sourceLength: number,
  outputLength: number,
  filter: Filter,
  precision: 'single' | 'double',
): Taps {
  const round = precision === 'single' ? Math.fround : (value: number): number => value;
  const step = round(sourceLength / outputLength);
  const widening = Math.max(step, 1);
  const radius = filter.radius * widening;
  const inverseWidening = round(1 / widening);
  const longest = Math.min(Math.ceil(radius) * 2 + 1, sourceLength);
  const first = new Int32Array(outputLength);
  const count = new Int32Array(outputLength);
  const weights = new Float64Array(outputLength * longest);
  for (let output = 0; output < outputLength; output++) {
    const center = round(step * (output + 0.5));
    const start = Math.max(0, Math.trunc(round(round(center - radius) + 0.5)));
    const end = Math.min(sourceLength, Math.trunc(round(round(center + radius) + 0.5)));
    const base = output * longest;
    let sum = 0;
    for (let source = start; source < end; source++) {
      const offset = round(round(source - center) + 0.5);
      const distance = Math.abs(round(offset * inverseWidening));
      const weight = filter.weight(distance, round);
      weights[base + source - start] = weight;
      sum = round(sum + weight);
    }
    const normalisation = 1 / sum;
    for (let tap = base; tap < base + end - start; tap++) {
      weights[tap] = round(weights[tap]! * normalisation);
    }
    first[output] = start;
    count[output] = end - start;
  }
  return { first, count, weights, longest };
}
