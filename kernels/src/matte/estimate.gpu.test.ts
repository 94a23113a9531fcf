import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { type EstimateOptions, estimateTilesKernel, writeLevelsKernel } from './estimate.ts';
import { estimateReference, levelReference } from './matte.reference.ts';
import { levelRowWords, type MatteTile, packTiles } from './matte-tiles.ts';

const gpu = await openTestDevice();

const RULES = { doubtOnOutline: 0.4, leastDoubt: 1e-4, settled: 0.04, settledCertainty: 40 };
const LEVELS = { haze: 0.03, hazeDeviations: 0.4, mostHaze: 0.45 };

interface Shape {
  readonly what: string;
  readonly width: number;
  readonly height: number;
  readonly grid: EstimateOptions['grid'];
  readonly tiles: readonly MatteTile[];
}

const SHAPES: readonly Shape[] = [
  {
    what: 'one pixel',
    width: 1,
    height: 1,
    grid: { side: 1, left: 0, top: 0, width: 1, height: 1 },
    tiles: [{ left: -6, top: -6, width: 13, height: 13, margin: 6 }],
  },
  {
    what: 'cells of one pixel',
    width: 31,
    height: 22,
    grid: { side: 1, left: 3, top: 2, width: 25, height: 17 },
    tiles: [
      { left: 3, top: 2, width: 10, height: 17, margin: 0 },
      { left: 13, top: 2, width: 15, height: 9, margin: 0 },
    ],
  },
  {
    what: 'cells of seven pixels, margins beyond the border',
    width: 50,
    height: 33,
    grid: { side: 7, left: 1, top: 0, width: 6, height: 5 },
    tiles: [
      { left: 1, top: -6, width: 37, height: 29, margin: 6 },
      { left: 36, top: 22, width: 26, height: 17, margin: 6 },
    ],
  },
];

describe.skipIf(gpu === undefined)(`estimates${missingDevice()}`, () => {
  describe.each(SHAPES)('$what', ({ width, height, grid, tiles }) => {
    const batch = packTiles(tiles, { width, height });
    const cells = grid.width * grid.height;
    const random = seededValues(cells * 6, 4);
    // Slopes, offset, variance and distance of about what pictures have.
    const lines = Float32Array.from(random, (value, i) => {
      if (i % 6 < 3) return 4 * value;
      if (i % 6 === 3) return value;
      return i % 6 === 4 ? 0.002 + 0.1 * (value + 1) : 9 * (value + 1);
    });
    const pixels = Uint32Array.from(seededValues(batch.pixels, 6), (value) =>
      Math.floor((value + 1) * 2 ** 24),
    );

    test.each([false, true])('settling: %s', async (settles) => {
      const options = { width, height, grid, outside: 12, inside: 3, settles };
      const { kernel, parameters } = estimateTilesKernel(batch, options, RULES);
      const { opacity, certainty } = await runKernel(gpu!, kernel, {
        parameters,
        tiles: batch.table,
        lines,
        pixels,
        opacity: batch.pixels * 4,
        certainty: batch.pixels * 4,
      });
      let from = 0;
      for (const tile of tiles) {
        const to = from + tile.width * tile.height;
        const part = pixels.slice(from, to);
        const wanted = estimateReference(tile, part, lines, options, RULES);
        // Sums of four products up to 4.
        expectClose(opacity!.slice(from, to), wanted.opacity, { what: 'opacity', limit: 2e-6 });
        const relative = certainty!.slice(from, to).map((value, i) => {
          const exact = wanted.certainty[i]!;
          return exact === 0 ? value : value / exact - 1;
        });
        // Of a square of a difference from 1, which may be a thousandth.
        expectClose(relative, new Float32Array(to - from), { what: 'certainty', limit: 1e-3 });
        from = to;
      }
    });

    test('levels', async () => {
      const opacity = Float32Array.from(
        seededValues(batch.pixels, 8),
        (value) => 0.5 + 0.8 * value,
      );
      const certainty = Float32Array.from(opacity, (_, i) => (i % 5 === 0 ? 0 : (i % 97) + 0.5));
      const result = await runKernel(gpu!, writeLevelsKernel(batch, LEVELS), {
        tiles: batch.table,
        opacity,
        certainty,
        levels: batch.words * 4,
      });
      const levels = new Uint8Array(result['levels']!.buffer);
      let [first, word] = [0, 0];
      for (const tile of tiles) {
        const inner = {
          width: tile.width - 2 * tile.margin,
          height: tile.height - 2 * tile.margin,
        };
        for (let i = 0; i < inner.width * inner.height; i++) {
          const [x, y] = [i % inner.width, Math.floor(i / inner.width)];
          const from = first + (y + tile.margin) * tile.width + tile.margin + x;
          const wanted = levelReference(opacity[from]!, certainty[from]!, LEVELS);
          const got = levels[4 * (word + y * levelRowWords(tile)) + x]!;
          // Rounding to the nearest, in f32.
          expect(Math.abs(got - wanted)).toBeLessThan(0.501);
        }
        first += tile.width * tile.height;
        word += levelRowWords(tile) * inner.height;
      }
      expect(word).toBe(batch.words);
    });
  });
});
