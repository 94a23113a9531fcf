import { GraphError } from '../graph-error.ts';
import { axisSize, expectAxis, expectFloat, expectPositive, expectRank } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

export interface RotaryOptions {
  /** Heads lie side by side in the last axis of x. */
  readonly heads: number;
  /** The first so many tokens are turned, the rest stay as they are. @defaultValue all */
  readonly rotated?: number;
}

/**
 * Rotary positions (Su et al., "RoFormer", 2021): turns each pair of elements (2j, 2j + 1) of a head
 * by an angle of its token.
 *
 * @param x - `[batch, tokens, heads * d]`
 * @param table - `[period, d]`: cosine and sine of each pair's angle, side by side; tokens beyond
 * `period` go through it again, so `rotated` is a multiple of it
 * @returns the shape of x
 */
export function rotary(x: Tensor, table: Tensor, { heads, rotated }: RotaryOptions): Tensor {
  expectPositive('rotary', 'heads', [heads]);
  expectFloat('rotary', 'x', x);
  expectFloat('rotary', 'table', table);
  expectRank('rotary', 'x', x, 3);
  expectRank('rotary', 'table', table, 2);
  const [, tokens, width] = x.shape as [number, number, number];
  if (width % (2 * heads) !== 0) {
    throw new GraphError('rotary', `x is ${width} wide, wanted pairs in each of ${heads} heads`);
  }
  expectAxis('rotary', 'table', table, 1, width / heads, 'the width of a head');
  const turned = rotated ?? tokens;
  const period = axisSize(table.shape, 0);
  if (!Number.isInteger(turned) || turned < 0 || turned > tokens || turned % period !== 0) {
    throw new GraphError(
      'rotary',
      `${turned} of ${tokens} tokens are to be turned, wanted up to all of them in multiples of the table's ${period} rows`,
    );
  }
  return turned === 0
    ? x
    : x.recorder.add('rotary', [x, table], { heads, rotated: turned }, x.shape);
}
