import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { AttentionError } from '../attention/link-attention.ts';
import { MINIMAL_DEVICE } from '../kernel.ts';
import { relativePositions } from './relative-positions.ts';
import { relativePositionsReference } from './relative-positions.reference.ts';

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`relativePositions${missingDevice()}`, () => {
  const shapes = [
    { grid: { height: 1, width: 1 }, heads: 1, width: 4 },
    {
      batch: 2,
      grid: { height: 5, width: 7 },
      window: { height: 3, width: 4 },
      heads: 6,
      width: 8,
    },
    { grid: { height: 6, width: 3 }, heads: 12, width: 80 },
  ];
  const cases = shapes.flatMap((sizes) =>
    (['height', 'width'] as const).map((axis) => ({ axis, ...sizes })),
  );

  test.each(cases)('$axis of $grid, $heads heads of $width', async ({ axis, ...sizes }) => {
    const { batch = 1, grid, window = grid, heads, width } = sizes;
    const rows = batch * grid.height * grid.width;
    const size = heads * width;
    // Rows of which queries are a part, as in a packed qkv.
    const packed = seededValues(rows * (size + 8), 1);
    const table = seededValues((2 * window[axis] - 1) * width, 2);
    const options = { axis, query: { offset: 4, rowStride: size + 8 } };
    const kernel = relativePositions(sizes, options, gpu!.kernelDevice);
    const bytes = rows * heads * window[axis] * 4;
    const { y } = await runKernel(gpu!, kernel, { query: packed, table, y: bytes });
    const query = Float32Array.from({ length: rows * size }, (_, i) => {
      return packed[4 + Math.floor(i / size) * (size + 8) + (i % size)]!;
    });
    const expected = relativePositionsReference(query, table, sizes, axis);
    // Each of `width` additions rounds a sum of at most a few: 2^-24 of it, twice that to be safe.
    const limit = 2 ** -23 * (width + 8);
    expectClose(y!, expected, { what: kernel.label, limit, seed: 1 });
  });
});

test('relativePositions refuses heads that are not in fours', () => {
  const sizes = { grid: { height: 2, width: 2 }, heads: 1, width: 6 };
  expect(() => relativePositions(sizes, { axis: 'width' }, MINIMAL_DEVICE)).toThrow(AttentionError);
});
