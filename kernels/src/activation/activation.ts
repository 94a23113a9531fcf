import { specialize } from '../specialize.ts';
import { source } from './activation.wgsl.ts';

/** In the order of the cases of `activate` in `activation.wgsl`. */
export const ACTIVATIONS = [
  'none',
  'abs',
  'ceil',
  'cos',
  'exp',
  'floor',
  'gelu',
  'geluTanh',
  'hardSigmoid',
  'hardSwish',
  'log',
  'neg',
  'reciprocal',
  'relu',
  'round',
  'sigmoid',
  'silu',
  'sin',
  'softplus',
  'sqrt',
  'tanh',
  'bfloat16',
] as const;

/**
 * A function of one argument, f32 to f32.
 *
 * `gelu` is the exact form, within 1.3e-7 * max(1, |x|); `sin` and `cos` are good to 2e-7 for arguments up
 * to 8000; `sigmoid`, `silu`, `softplus` and `tanh` stay finite far out; `round` takes halves to
 * the even number, as does `bfloat16`, which leaves 8 significant bits. The rest are as exact as WGSL's own functions.
 */
export type Activation = (typeof ACTIVATIONS)[number];

/** Value of the override constant `ACTIVATION`. */
export function activationCode(activation: Activation): number {
  return ACTIVATIONS.indexOf(activation);
}

/**
 * Adds `activate`, and the type `Value` that it takes, to a shader.
 *
 * @param lanes - elements in a `Value`
 */
export function linkActivation(shader: string, lanes: 1 | 4): string {
  const types =
    lanes === 1 ? { Value: 'f32', Bits: 'u32' } : { Value: 'vec4<f32>', Bits: 'vec4<u32>' };
  return `${shader}\n${specialize(source, { types })}`;
}
