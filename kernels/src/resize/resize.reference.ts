import type { ResizeOptions } from './resize.ts';

interface Tap {
  readonly index: number;
  readonly weight: number;
}

/** Keys' cubic convolution kernel with PyTorch's coefficient. */
function cubicWeight(distance: number): number {
  const a = -0.75;
  const d = Math.abs(distance);
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * (d ** 3 - 5 * d ** 2 + 8 * d - 4) : 0;
}

function tapsOf(mode: ResizeOptions['mode'], position: number, from: number, to: number): Tap[] {
  if (mode === 'nearest') return [{ index: Math.floor((position * from) / to), weight: 1 }];
  const center = ((position + 0.5) * from) / to - 0.5;
  const lower = Math.floor(center);
  const reach = mode === 'bilinear' ? [0, 1] : [-1, 0, 1, 2];
  return reach.map((step) => {
    const distance = center - (lower + step);
    return {
      index: Math.min(Math.max(lower + step, 0), from - 1),
      weight: mode === 'bilinear' ? 1 - Math.abs(distance) : cubicWeight(distance),
    };
  });
}

/** The definition in float64, of dense x. */
export function resizeReference(x: ArrayLike<number>, options: ResizeOptions): Float64Array {
  const { batch, height, width, channels, outHeight, outWidth, mode } = options;
  const y = new Float64Array(batch * outHeight * outWidth * channels);
  for (let target = 0; target < y.length; target++) {
    const channel = target % channels;
    const pixel = Math.floor(target / channels);
    const start = Math.floor(pixel / (outHeight * outWidth)) * height;
    const rows = tapsOf(mode, Math.floor(pixel / outWidth) % outHeight, height, outHeight);
    const columns = tapsOf(mode, pixel % outWidth, width, outWidth);
    for (const row of rows) {
      for (const column of columns) {
        const source = ((start + row.index) * width + column.index) * channels + channel;
        y[target]! += row.weight * column.weight * x[source]!;
      }
    }
  }
  return y;
}
