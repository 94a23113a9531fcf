import { elementCount } from '@samgpu/graph';
import { denseView, type View } from '@samgpu/kernels';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { isDense, reshapeView, sliceView, transposeView } from './views.ts';

/** The positions of a view's elements, row-major. */
function positions({ shape, strides, offset }: View): number[] {
  return shape.reduce(
    (starts, size, axis) =>
      starts.flatMap((start) => Array.from({ length: size }, (_, i) => start + i * strides[axis]!)),
    [offset],
  );
}

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });

/** A view after a transpose and a slice, as graphs have them. */
const views: fc.Arbitrary<View> = shapes.chain((shape) =>
  fc
    .tuple(
      fc.shuffledSubarray(
        shape.map((_, axis) => axis),
        { minLength: shape.length },
      ),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
    )
    .map(([axes, random]) => {
      const draw = (size: number): number => Math.floor((random.next().value ?? 0) * size);
      const moved = transposeView(denseView(shape), axes);
      const starts = moved.shape.map((size) => draw(size));
      const sizes = moved.shape.map((size, axis) => 1 + draw(size - starts[axis]!));
      return sliceView(moved, starts, sizes);
    }),
);

describe('reshapeView', () => {
  test('keeps the elements in order wherever it is possible', () => {
    fc.assert(
      fc.property(views, shapes, (view, extra) => {
        const count = elementCount(view.shape);
        // A shape of the same size: as many of the extra axes as divide it, then the rest.
        const shape: number[] = [];
        let rest = count;
        for (const size of extra) {
          if (rest % size === 0) {
            shape.push(size);
            rest /= size;
          }
        }
        shape.push(rest);
        const reshaped = reshapeView(view, shape);
        // Whatever is dense can be reshaped.
        expect(reshaped !== undefined || !isDense(view)).toBe(true);
        expect(positions(reshaped ?? view)).toEqual(positions(view));
      }),
    );
  });

  test('merges axes of a slice and of a transpose where they still lie in step', () => {
    const qkv = denseView([1, 576, 384]);
    const q = sliceView(qkv, [0, 0, 128], [1, 576, 128]);
    expect(reshapeView(q, [576, 4, 32])).toEqual({
      shape: [576, 4, 32],
      strides: [384, 32, 1],
      offset: 128,
    });
    expect(reshapeView(q, [576 * 128])).toBeUndefined();
    expect(reshapeView(transposeView(denseView([4, 6]), [1, 0]), [24])).toBeUndefined();
  });

  test('a dense view stays dense', () => {
    expect(isDense(reshapeView(denseView([2, 3, 4], 7), [6, 1, 4])!)).toBe(true);
    expect(isDense(sliceView(denseView([4, 3]), [1, 0], [2, 3]))).toBe(true);
    expect(isDense(sliceView(denseView([4, 3]), [0, 1], [4, 2]))).toBe(false);
  });
});
