import type { MatmulSizes } from './matmul.ts';
import type { MatrixView } from './product.ts';

/** `y[b, i, j] = Σ left[b, i, k] · right[b, k, j]` in f64. Views must be complete. */
export function matmulReference(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  { batch: [outer, inner] = [1, 1], rows, depth, columns }: MatmulSizes,
  views: { left: Required<MatrixView>; right: Required<MatrixView>; transposeRight: boolean },
): Float64Array {
  const y = new Float64Array(outer * inner * rows * columns);
  const start = (view: Required<MatrixView>, batch: number): number =>
    view.offset + Math.floor(batch / inner) * view.outerStride + (batch % inner) * view.batchStride;
  for (let batch = 0; batch < outer * inner; batch++) {
    const leftStart = start(views.left, batch);
    const rightStart = start(views.right, batch);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          const a = left[leftStart + row * views.left.rowStride + k]!;
          const place = views.transposeRight
            ? column * views.right.rowStride + k
            : k * views.right.rowStride + column;
          sum += a * right[rightStart + place]!;
        }
        y[(batch * rows + row) * columns + column] = sum;
      }
    }
  }
  return y;
}
