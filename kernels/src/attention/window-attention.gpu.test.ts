import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { MINIMAL_DEVICE } from '../kernel.ts';
import { windowAttention, type WindowAttentionSizes } from './window-attention.ts';
import { windowAttentionReference } from './window-attention.reference.ts';

const gpu = await openTestDevice();
const variants = ['tiled', 'split-keys', 'software'] as const;

const shapes: readonly (WindowAttentionSizes & { readonly relative: boolean })[] = [
  {
    grid: { height: 5, width: 7 },
    window: { height: 3, width: 3 },
    heads: 2,
    width: 8,
    relative: true,
  },
  {
    batch: 2,
    grid: { height: 6, width: 9 },
    window: { height: 4, width: 4 }, // whose rows come in fours
    heads: 1,
    width: 80,
    relative: true,
  },
  {
    grid: { height: 4, width: 6 },
    window: { height: 2, width: 3 }, // which divides the grid
    heads: 1,
    width: 4,
    relative: true,
  },
  {
    batch: 2,
    grid: { height: 6, width: 10 },
    window: { height: 4, width: 4 },
    queryGrid: { height: 3, width: 5 }, // pooled, as in SAM 2's Hiera
    queryWindow: { height: 2, width: 2 },
    heads: 2,
    width: 8,
    valueWidth: 12,
    relative: false,
  },
];

describe.skipIf(gpu === undefined)(`windowAttention${missingDevice()}`, () => {
  const cases = variants.flatMap((variant) =>
    (variant === 'software' ? shapes : [shapes[0]!, shapes[3]!]).map((shape) => ({
      variant,
      ...shape,
    })),
  );

  test.each(cases)(
    '$variant: windows $window of $grid, $heads heads of $width',
    async ({ variant, relative, ...sizes }) => {
      const { batch = 1, grid, window, queryGrid = grid, heads, width } = sizes;
      const { valueWidth = width } = sizes;
      const keyRows = batch * grid.height * grid.width;
      const queryRows = batch * queryGrid.height * queryGrid.width;
      const query = seededValues(queryRows * heads * width, 1);
      const key = seededValues(keyRows * heads * width, 2);
      const value = seededValues(keyRows * heads * valueWidth, 3);
      // As in the bias of one layer that makes all three.
      const padding = seededValues(heads * (2 * width + valueWidth), 4);
      const offsets = { keyOffset: heads * width, valueOffset: 2 * heads * width };
      const height = seededValues(queryRows * heads * window.height, 5);
      const breadth = seededValues(queryRows * heads * window.width, 6);

      const options = { scale: 0.3, relative, padding: offsets, variant };
      const kernel = windowAttention(sizes, options, gpu!.kernelDevice);
      const divides = grid.height % window.height === 0 && grid.width % window.width === 0;
      const { y } = await runKernel(gpu!, kernel, {
        query,
        key,
        value,
        y: queryRows * heads * valueWidth * 4,
        ...(!divides && { padding }),
        ...(relative && { relativeHeight: height, relativeWidth: breadth }),
      });
      const operands = {
        query,
        key,
        value,
        paddingKey: padding.subarray(offsets.keyOffset, offsets.valueOffset),
        paddingValue: padding.subarray(offsets.valueOffset),
        ...(relative && { relative: { height, width: breadth } }),
      };
      const expected = windowAttentionReference(operands, sizes, 0.3);
      // Weights sum to 1 and are good to some 2^-22; values are below 1.
      expectClose(y!, expected, { what: kernel.label, limit: 4e-6, seed: 1 });
    },
  );
});

describe('windowAttention', () => {
  const sizes = {
    grid: { height: 5, width: 6 },
    window: { height: 2, width: 3 },
    heads: 1,
    width: 4,
  };

  test('wants to know what padding looks like', () => {
    expect(() => windowAttention(sizes, { scale: 1 }, MINIMAL_DEVICE)).toThrow(
      'windows of 2 x 3 do not divide 5 x 6; give the offsets',
    );
  });

  test('refuses queries in other windows', () => {
    const pooled = {
      ...sizes,
      queryGrid: { height: 5, width: 6 },
      queryWindow: { height: 1, width: 3 },
    };
    const padding = { keyOffset: 0, valueOffset: 0 };
    expect(() => windowAttention(pooled, { scale: 1, padding }, MINIMAL_DEVICE)).toThrow(
      'queries have 5 x 2 windows, keys 3 x 2',
    );
  });
});
