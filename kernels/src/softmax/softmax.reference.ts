/** The definition in float64, of rows of `width`. */
export function softmaxReference(x: ArrayLike<number>, width: number): Float64Array {
  const y = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += width) {
    const end = start + width;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i++) largest = Math.max(largest, x[i]!);
    let sum = 0;
    for (let i = start; i < end; i++) sum += Math.exp(x[i]! - largest);
    for (let i = start; i < end; i++) y[i] = Math.exp(x[i]! - largest) / sum;
  }
  return y;
}
