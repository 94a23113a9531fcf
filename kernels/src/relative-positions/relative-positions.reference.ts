import type { RelativePositionsSizes } from './relative-positions.ts';

/**
 * `y[row, head, k] = query[row, head] · table[position(row) - k + extent - 1]` in f64, where position and
 * k count along the axis within a window.
 *
 * @param query - [batch, positions, heads, width]
 */
export function relativePositionsReference(
  query: ArrayLike<number>,
  table: ArrayLike<number>,
  { batch = 1, grid, window = grid, heads, width }: RelativePositionsSizes,
  axis: 'height' | 'width',
): Float64Array {
  const extent = window[axis];
  const positions = grid.height * grid.width;
  const y = new Float64Array(batch * positions * heads * extent);
  for (let row = 0; row < batch * positions; row++) {
    const inImage = row % positions;
    const place = axis === 'height' ? Math.floor(inImage / grid.width) : inImage % grid.width;
    for (let head = 0; head < heads; head++) {
      for (let k = 0; k < extent; k++) {
        const distance = (place % extent) - k + extent - 1;
        let sum = 0;
        for (let i = 0; i < width; i++) {
          sum += query[(row * heads + head) * width + i]! * table[distance * width + i]!;
        }
        y[(row * heads + head) * extent + k] = sum;
      }
    }
  }
  return y;
}
