/** How two lists of numbers differ. */
export interface Comparison {
  /** The largest |actual - expected|. */
  readonly maxAbsError: number;
  /** The largest |actual - expected| / |expected|; infinite where 0 was expected and missed. */
  readonly maxRelativeError: number;
  /** The root of the mean squared error. */
  readonly rmsError: number;
  /** Where the absolute error is largest; -1 for empty lists. */
  readonly worstIndex: number;
}

/** A result that is not what was expected. The message names the worst place. */
export class MismatchError extends Error {
  override readonly name = 'MismatchError';
  readonly code: 'length' | 'not-a-number' | 'tolerance';

  constructor(code: 'length' | 'not-a-number' | 'tolerance', message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Compares element by element. Infinities of the same sign are equal.
 *
 * @throws MismatchError if the lengths differ or either list has a NaN, whose distance to anything means nothing
 */
export function compare(actual: ArrayLike<number>, expected: ArrayLike<number>): Comparison {
  if (actual.length !== expected.length) {
    throw new MismatchError('length', `got ${actual.length} values, expected ${expected.length}`);
  }
  let maxAbsError = 0;
  let maxRelativeError = 0;
  let squares = 0;
  let worstIndex = actual.length > 0 ? 0 : -1;
  for (let i = 0; i < actual.length; i++) {
    const got = Number(actual[i]);
    const wanted = Number(expected[i]);
    if (Number.isNaN(got) || Number.isNaN(wanted)) {
      throw new MismatchError('not-a-number', `got ${got} at index ${i}, expected ${wanted}`);
    }
    const error = got === wanted ? 0 : Math.abs(got - wanted);
    squares += error * error;
    if (error > maxAbsError) {
      maxAbsError = error;
      worstIndex = i;
    }
    if (error > 0) {
      maxRelativeError = Math.max(maxRelativeError, error / Math.abs(wanted));
    }
  }
  const rmsError = actual.length > 0 ? Math.sqrt(squares / actual.length) : 0;
  return { maxAbsError, maxRelativeError, rmsError, worstIndex };
}

export interface Closeness {
  /** What is compared, for the message: `'embedding of sam_vit_b'`. */
  readonly what: string;
  /** The largest absolute error that is fine. Say beside it why. */
  readonly limit: number;
  /** The largest root mean square error that is fine. Not checked by default. */
  readonly rmsLimit?: number;
  /** Of the input, where that was random: the message repeats it. */
  readonly seed?: number;
}

/**
 * Passes if every value is within a limit of the expected one.
 *
 * @returns how far they are apart, so that a test can print or record it
 * @throws MismatchError naming the worst place, both values there and the limit
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  closeness: Closeness,
): Comparison {
  const { what, limit, rmsLimit = Infinity, seed } = closeness;
  const subject = seed === undefined ? what : `${what} (seed ${seed})`;
  if (!(limit >= 0 && rmsLimit >= 0)) {
    throw new MismatchError(
      'tolerance',
      `${subject}: the limits are ${limit} and ${rmsLimit}, expected numbers from 0`,
    );
  }
  const comparison = compareNamed(actual, expected, subject);
  const { maxAbsError, rmsError, worstIndex } = comparison;
  if (maxAbsError > limit) {
    throw new MismatchError(
      'tolerance',
      `${subject}: got ${actual[worstIndex]} at index ${worstIndex}, expected ${expected[worstIndex]} within ` +
        `${limit}: off by ${maxAbsError}, the worst of ${actual.length} (root mean square ${rmsError})`,
    );
  }
  if (rmsError > rmsLimit) {
    throw new MismatchError(
      'tolerance',
      `${subject}: the root mean square error is ${rmsError}, expected at most ${rmsLimit}: worst at index ` +
        `${worstIndex}, got ${actual[worstIndex]}, expected ${expected[worstIndex]}`,
    );
  }
  return comparison;
}

function compareNamed(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  subject: string,
): Comparison {
  try {
    return compare(actual, expected);
  } catch (error) {
    if (error instanceof MismatchError) {
      throw new MismatchError(error.code, `${subject}: ${error.message}`);
    }
    throw error;
  }
}
