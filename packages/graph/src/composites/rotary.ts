import { add, mul, sub } from '../ops/elementwise.ts';
import { concat, reshape, slice } from '../ops/layout.ts';
import type { Replacement } from '../rewrite.ts';
import { axisSize } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** Rotary positions by products with the table, for backends without a kernel of them. */
export const rotaryComposite: Replacement<'rotary'> = (node, operands) => {
  const [x, table] = operands as [Tensor, Tensor];
  const { heads, rotated } = node.attributes;
  const [batch, tokens, width] = x.shape as [number, number, number];
  const period = axisSize(table.shape, 0);
  const pairs = width / heads / 2;
  const numbers = reshape(slice(x, 1, 0, rotated), [
    batch,
    rotated / period,
    period,
    heads,
    pairs,
    2,
  ]);
  const turns = reshape(table, [period, 1, pairs, 2]);
  const [real, imaginary] = parts(numbers);
  const [cos, sin] = parts(turns);
  const turned = concat(
    [
      sub(mul(real, cos), mul(imaginary, sin)), // [batch, repeats, period, heads, pairs, 1]
      add(mul(real, sin), mul(imaginary, cos)),
    ],
    -1,
  );
  const rows = reshape(turned, [batch, rotated, width]);
  return rotated === tokens ? rows : concat([rows, slice(x, 1, rotated)], 1);
};

function parts(complex: Tensor): [Tensor, Tensor] {
  return [slice(complex, -1, 0, 1), slice(complex, -1, 1, 2)];
}
