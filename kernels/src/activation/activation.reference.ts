import type { Activation } from './activation.ts';

/** The definitions in float64. */
export const ACTIVATION_REFERENCE: { readonly [Name in Activation]: (x: number) => number } = {
  none: (x) => x,
  abs: Math.abs,
  ceil: Math.ceil,
  cos: Math.cos,
  exp: Math.exp,
  floor: Math.floor,
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  geluTanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  hardSigmoid,
  hardSwish: (x) => x * hardSigmoid(x),
  log: Math.log,
  neg: (x) => -x,
  reciprocal: (x) => 1 / x,
  relu: (x) => Math.max(x, 0),
  round: roundHalfEven,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  silu: (x) => x / (1 + Math.exp(-x)),
  sin: Math.sin,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  bfloat16: roundToBfloat16,
};

function hardSigmoid(x: number): number {
  return Math.min(Math.max(x / 6 + 0.5, 0), 1);
}

// 8 significant bits.
function roundToBfloat16(x: number): number {
  if (x === 0) return x;
  const step = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), -126) - 7);
  return roundHalfEven(x / step) * step;
}

function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

// The Taylor series in positive terms (Abramowitz & Stegun, 7.1.6): exact to float64 for any x, in
// as many terms as x² asks for.
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return ((2 * sum) / Math.sqrt(Math.PI)) * Math.exp(-x * x);
}
