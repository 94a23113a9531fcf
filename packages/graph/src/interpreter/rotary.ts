import type { GraphNode } from '../node.ts';
import { axisSize } from '../shape.ts';
import { emptyArray, type NumericArray, operand } from './array.ts';

/** Pairs as complex numbers, multiplied by those of the table. */
export function rotary(node: GraphNode<'rotary'>, inputs: readonly NumericArray[]): NumericArray {
  const { heads, rotated } = node.attributes;
  const x = operand(inputs, 0);
  const table = operand(inputs, 1);
  const [, tokens, width] = x.shape as [number, number, number];
  const d = width / heads;
  const period = axisSize(table.shape, 0);
  const result = emptyArray(node.shape);
  result.data.set(x.data);
  for (let row = 0; row < x.data.length / width; row++) {
    const token = row % tokens;
    if (token >= rotated) {
      continue;
    }
    for (let pair = 0; pair < width; pair += 2) {
      const turn = (token % period) * d + (pair % d);
      const [cos, sin] = [table.data[turn]!, table.data[turn + 1]!];
      const at = row * width + pair;
      const [real, imaginary] = [x.data[at]!, x.data[at + 1]!];
      result.data[at] = real * cos - imaginary * sin;
      result.data[at + 1] = real * sin + imaginary * cos;
    }
  }
  return result;
}
