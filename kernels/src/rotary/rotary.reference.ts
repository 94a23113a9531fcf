/**
 * Turns the pairs of [batch, rows, heads, width] in f64, as products of complex numbers.
 *
 * @param table - [period, width]: (cos, sin) per pair
 */
export function rotaryReference(
  x: ArrayLike<number>,
  table: ArrayLike<number>,
  {
    rows,
    rotatedRows = rows,
    period,
    heads,
    width,
  }: Record<'rows' | 'period' | 'heads' | 'width', number> & {
    readonly rotatedRows?: number;
  },
): Float64Array {
  return Float64Array.from({ length: x.length }, (_, i) => {
    const row = Math.floor(i / (heads * width)) % rows;
    if (row >= rotatedRows) return x[i]!;
    const pair = i - (i % 2);
    const at = (row % period) * width + (pair % width);
    const [real, imaginary, cos, sin] = [x[pair]!, x[pair + 1]!, table[at]!, table[at + 1]!];
    return i === pair ? real * cos - imaginary * sin : real * sin + imaginary * cos;
  });
}
