/** Where the two methods meet: the series loses digits above, the fraction needs more terms below. */
const SERIES_END = 2;

/**
 * The error function to float64 accuracy, 1e-15 relative.
 *
 * Near zero the series of erf in positive terms, beyond that the continued fraction of erfc
 * (Abramowitz & Stegun, 7.1.6 and 7.1.14).
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) {
    return x;
  }
  const size = Math.abs(x);
  const value = size < SERIES_END ? series(size) : 1 - complement(size);
  return x < 0 ? -value : value;
}

// erf(x) = 2/sqrt(pi) * exp(-x²) * sum 2^n x^(2n+1) / (1 · 3 · … · (2n+1)): no cancellation.
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

// erfc(x) = exp(-x²)/sqrt(pi) * 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …))))
function complement(x: number): number {
  if (x > 27) {
    return 0;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) {
    fraction = n / 2 / (x + fraction);
  }
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}
