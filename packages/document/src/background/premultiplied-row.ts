import type { PixelSource } from '@samgpu/mask';

/**
 * A row of a picture with colours multiplied by alpha, so that they can be averaged.
 *
 * @param row - `[width, 4]`: colours 0 to 255 times alpha, alpha 0 to 1
 */
export function premultipliedRow(
  { width, channels = 4, data }: PixelSource,
  y: number,
  row: Float32Array,
): void {
  for (let x = 0, from = y * width * channels, to = 0; x < width; x++, from += channels, to += 4) {
    const alpha = channels === 4 ? data[from + 3]! / 255 : 1;
    row[to] = data[from]! * alpha;
    row[to + 1] = data[from + 1]! * alpha;
    row[to + 2] = data[from + 2]! * alpha;
    row[to + 3] = alpha;
  }
}
