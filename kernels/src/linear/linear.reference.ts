import type { LinearSizes } from './linear.ts';

/** `y = x · weightᵀ + bias` in f64, for a weight [outputs, inputs] as checkpoints have it. */
export function linearReference(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
  { rows, inputs, outputs }: LinearSizes,
): Float64Array {
  const y = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = bias?.[output] ?? 0;
      for (let input = 0; input < inputs; input++) {
        sum += x[row * inputs + input]! * weight[output * inputs + input]!;
      }
      y[row * outputs + output] = sum;
    }
  }
  return y;
}
