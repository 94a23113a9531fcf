/** The definition in float64, of `[rows, width]`. */
export function layerNormReference(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  epsilon: number,
): Float64Array {
  const width = weight.length;
  const y = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += width) {
    let mean = 0;
    for (let i = 0; i < width; i++) mean += x[start + i]! / width;
    let variance = 0;
    for (let i = 0; i < width; i++) variance += (x[start + i]! - mean) ** 2 / width;
    const deviation = Math.sqrt(variance + epsilon);
    for (let i = 0; i < width; i++) {
      y[start + i] = ((x[start + i]! - mean) / deviation) * weight[i]! + bias[i]!;
    }
  }
  return y;
}
