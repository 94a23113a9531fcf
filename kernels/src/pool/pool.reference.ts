import { pooledSize, type PoolOptions } from './pool.ts';

/** The definition in float64, of dense x. */
export function poolReference(x: ArrayLike<number>, options: PoolOptions): Float64Array {
  const { batch, height, width, channels, kind, size, stride, padding } = options;
  const [outHeight, outWidth] = pooledSize(options);
  const y = new Float64Array(batch * outHeight * outWidth * channels);
  for (let target = 0; target < y.length; target++) {
    const channel = target % channels;
    const pixel = Math.floor(target / channels);
    const image = Math.floor(pixel / (outHeight * outWidth));
    const top = (Math.floor(pixel / outWidth) % outHeight) * stride[0] - padding[0];
    const left = (pixel % outWidth) * stride[1] - padding[1];
    const values: number[] = [];
    for (let row = top; row < top + size[0]; row++) {
      for (let column = left; column < left + size[1]; column++) {
        if (row < 0 || row >= height || column < 0 || column >= width) continue;
        values.push(x[((image * height + row) * width + column) * channels + channel]!);
      }
    }
    y[target] =
      kind === 'max'
        ? Math.max(...values)
        : values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return y;
}
