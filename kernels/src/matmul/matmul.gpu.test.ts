import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { MINIMAL_DEVICE } from '../kernel.ts';
import { matmul, type MatmulOptions, type MatmulSizes } from './matmul.ts';
import { matmulReference } from './matmul.reference.ts';
import { ProductError, resolveView } from './product.ts';

const gpu = await openTestDevice();
const variants = ['tiled-32', 'tiled-64', 'few-rows', 'software'] as const;

const shapes: readonly MatmulSizes[] = [
  { rows: 1, depth: 1, columns: 1 },
  { rows: 40, depth: 68, columns: 36 },
  { batch: [1, 3], rows: 9, depth: 8, columns: 12 },
  { batch: [2, 3], rows: 9, depth: 7, columns: 5 },
];

async function expectProduct(sizes: MatmulSizes, options: MatmulOptions): Promise<void> {
  const { batch: [outer, inner] = [1, 1], rows, depth, columns } = sizes;
  const { transposeRight = false } = options;
  const left = resolveView(options.left ?? {}, { outer, inner, rows, columns: depth });
  const shape = transposeRight ? { rows: columns, columns: depth } : { rows: depth, columns };
  const right = resolveView(options.right ?? {}, { outer, inner, ...shape });
  const a = seededValues(left.extent, 1);
  const b = seededValues(right.extent, 2);
  const kernel = matmul(sizes, options, gpu!.kernelDevice);
  const bytes = outer * inner * rows * columns * 4;
  const { y } = await runKernel(gpu!, kernel, { left: a, right: b, y: bytes });
  const expected = matmulReference(a, b, sizes, { left, right, transposeRight });
  // Each of `depth` additions rounds a sum of at most a few: 2^-24 of it, twice that to be safe.
  const limit = 2 ** -23 * (depth + 8);
  expectClose(y!, expected, { what: kernel.label, limit, seed: 1 });
}

describe.skipIf(gpu === undefined)(`matmul${missingDevice()}`, () => {
  // A software adapter takes half a second to compile a shader with barriers, so only hard shapes.
  const cases = variants.flatMap((variant) =>
    (variant === 'software' ? shapes : [shapes[1]!, shapes[3]!]).flatMap(
      ({ batch = [1, 1] as const, ...rest }) =>
        [false, true].map((transposeRight) => ({ variant, batch, ...rest, transposeRight })),
    ),
  );

  test.each(cases)(
    '$variant: $batch of [$rows, $depth] by $columns, transposed $transposeRight',
    async ({ variant, transposeRight, ...sizes }) => {
      await expectProduct(sizes, { variant, transposeRight });
    },
  );

  test.each(['tiled-64', 'software'] as const)(
    '%s: heads side by side, and one right factor for all of a batch',
    (variant) =>
      // left [2 batches, 10 rows, 3 heads * 8], right [3 heads, 12 columns, 8] for both batches
      expectProduct(
        { batch: [2, 3], rows: 10, depth: 8, columns: 12 },
        {
          variant,
          transposeRight: true,
          left: { offset: 4, rowStride: 24, batchStride: 8, outerStride: 240 },
          right: { outerStride: 0 },
        },
      ),
  );

  test.each(['few-rows', 'software'] as const)(
    '%s: views that are not aligned to fours',
    (variant) =>
      expectProduct(
        { batch: [1, 2], rows: 10, depth: 8, columns: 12 },
        { variant, left: { offset: 1, rowStride: 9 }, right: { offset: 3, rowStride: 13 } },
      ),
  );
});

describe('matmul', () => {
  test('refuses sizes that are not positive', () => {
    expect(() => matmul({ rows: 0, depth: 4, columns: 4 }, {}, MINIMAL_DEVICE)).toThrow(
      ProductError,
    );
  });

  test('refuses more batches than a grid holds, and says so', () => {
    const sizes = { batch: [70_000, 1], rows: 4, depth: 4, columns: 4 } as const;
    expect(() => matmul(sizes, {}, MINIMAL_DEVICE)).toThrow(
      'matmul: [70000, 4, 4] takes a grid of 1 x 1 x 70000 workgroups, the device has 65535',
    );
  });
});
