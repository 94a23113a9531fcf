import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import {
  advanceSolutionKernel,
  flagBlocksKernel,
  settleCourseKernel,
  startSolvingKernel,
  turnDirectionKernel,
} from './conjugate-gradients.ts';
import { fitWindowsKernel, invertDiagonalKernel, multiplyLaplacianKernel } from './laplacian.ts';
import { laplacianReference, productReference, solutionReference } from './matte.reference.ts';
import { COURSE_WORDS, type MatteTile, newCourses, packTiles, TILE_BLOCK } from './matte-tiles.ts';

const gpu = await openTestDevice();

const RULES = { regularization: 1e-6, pull: 1e-3, iterations: 6, tolerance: 0.1 };

/** Some tiles reach beyond the picture, and one has a block where all is given. */
const PICTURE = { width: 40, height: 30 };
const TILES: readonly MatteTile[] = [
  { left: -4, top: -3, width: 47, height: 19, margin: 4 },
  { left: 10, top: 8, width: 13, height: 9, margin: 4 },
  { left: 30, top: 20, width: 14, height: 14, margin: 4 },
];

/** The same bits. */
function words(values: Float32Array | undefined): Uint32Array<ArrayBuffer> {
  return new Uint32Array(values!.buffer as ArrayBuffer);
}

const KINDS = ['noise', 'edges', 'flat'] as const;

/** Colours that try the arithmetic: noise, grey edges from black to white, and next to nothing. */
function colorsOf(kind: (typeof KINDS)[number], count: number): Uint32Array<ArrayBuffer> {
  const random = seededValues(count * 3, 7);
  const levelOf = (i: number, k: number): number => {
    const value = random[i * 3 + k]!;
    if (kind === 'noise') return 128 + 120 * value;
    if (kind === 'edges') return ((i >> 2) & 1) * 254 + (value > 0.8 ? 1 : 0);
    return 77 + (value > 0.9 ? 1 : 0);
  };
  return Uint32Array.from({ length: count }, (_, i) =>
    [0, 1, 2].reduce((word, k) => word | (Math.round(levelOf(i, k)) << (8 * k)), 0),
  );
}

/** Certainties, 0 where an opacity is given: the rim, and some within. */
function certaintiesOf(tiles: readonly MatteTile[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    tiles.flatMap(({ left, top, width, height }) =>
      Array.from({ length: width * height }, (_, i) => {
        const [x, y] = [i % width, Math.floor(i / width)];
        const isRim = x < 2 || y < 2 || x >= width - 2 || y >= height - 2;
        const isOutside =
          left + x < 0 || top + y < 0 || left + x >= PICTURE.width || top + y >= PICTURE.height;
        const isGiven = i % 7 === 0 || (x >= TILE_BLOCK && x < 2 * TILE_BLOCK);
        return isRim || isOutside || isGiven ? 0 : 5 + (i % 13);
      }),
    ),
  );
}

describe.skipIf(gpu === undefined)(`closed-form matting${missingDevice()}`, () => {
  describe.each(KINDS)('%s', (kind) => {
    const batch = packTiles(TILES, PICTURE);
    const pixels = colorsOf(kind, batch.pixels);
    const certainty = certaintiesOf(TILES);
    const opacity = Float32Array.from(seededValues(batch.pixels, 9), (value) => (value + 1) / 2);
    const given = { tiles: batch.table, pixels, certainty };
    const none = (numbers: number): Float32Array => new Float32Array(numbers);

    async function flagged(): Promise<Uint32Array<ArrayBuffer>> {
      const { courses } = await runKernel(gpu!, flagBlocksKernel(batch), {
        tiles: batch.table,
        certainty,
        courses: newCourses(batch),
      });
      return words(courses);
    }

    function eachTile(
      make: (tile: MatteTile, from: number, to: number) => Float64Array,
    ): Float64Array {
      let from = 0;
      const parts = TILES.map((tile) => {
        const to = from + tile.width * tile.height;
        const part = make(tile, from, to);
        from = to;
        return [...part];
      });
      return Float64Array.from(parts.flat());
    }

    function matrixOf(tile: MatteTile, from: number, to: number, pull: number) {
      const rules = { ...RULES, pull };
      return laplacianReference(
        tile,
        PICTURE,
        pixels.slice(from, to),
        certainty.slice(from, to),
        rules,
      );
    }

    async function multiply(
      values: Float32Array<ArrayBuffer>,
      pull: number,
      courses: Uint32Array<ArrayBuffer>,
    ) {
      const { fits } = await runKernel(gpu!, fitWindowsKernel(batch, RULES), {
        ...given,
        courses,
        values,
        fits: batch.pixels * 16,
      });
      const kernel = multiplyLaplacianKernel(batch, { ...RULES, pull });
      const { product, parts } = await runKernel(gpu!, kernel, {
        ...given,
        courses,
        values,
        fits: fits!,
        product: none(batch.pixels),
        parts: none(batch.blocks),
      });
      return { product: product!, parts: parts! };
    }

    test('blocks with anything to be found', async () => {
      const courses = await flagged();
      expect([...courses.subarray(0, COURSE_WORDS)]).toEqual([0, 0, 0, 0, 1]);
      // Three blocks across and two down: 1 for what is open, 2 for windows that reach into it.
      const flags = courses.subarray(COURSE_WORDS * batch.tiles);
      expect([...flags.subarray(0, 6)]).toEqual([3, 2, 3, 3, 2, 3]);
      expect(flags).toHaveLength(batch.blocks);
    });

    test.each([0, RULES.pull])('the product with a pull of %d', async (pull) => {
      const { product, parts } = await multiply(opacity, pull, await flagged());
      const wanted = eachTile((tile, from, to) =>
        productReference(matrixOf(tile, from, to, pull), opacity.subarray(from, to)),
      );
      // Covariances are exact. Pivots of grey edges are some 5 in 1e6, where f32 has steps of 0.1: in
      // such windows it is as if they had been regularized by up to a fiftieth more or less.
      expectClose(product, wanted, { what: 'product', limit: kind === 'edges' ? 2e-2 : 2e-4 });
      const curvature = wanted.reduce((sum, value, i) => sum + value * opacity[i]!, 0);
      const summed = parts.reduce((sum, value) => sum + value, 0);
      expect(Math.abs(summed / curvature - 1)).toBeLessThan(kind === 'edges' ? 1e-3 : 1e-5);
    });

    test('the diagonal', async () => {
      const { inverse } = await runKernel(gpu!, invertDiagonalKernel(batch, RULES), {
        tiles: batch.table,
        pixels,
        certainty,
        inverse: batch.pixels * 4,
      });
      const wanted = eachTile((tile, from, to) => {
        const matrix = matrixOf(tile, from, to, RULES.pull);
        return Float64Array.from(matrix, (row, i) =>
          certainty[from + i]! > 0 ? 1 / row.get(i)! : 0,
        );
      });
      // As the product; an inverse is 200 at most, where only the pull is left.
      expectClose(inverse!, wanted, { what: 'inverse', limit: kind === 'edges' ? 2e-2 : 5e-4 });
    });

    test('the solution', async () => {
      const { inverse } = await runKernel(gpu!, invertDiagonalKernel(batch, RULES), {
        tiles: batch.table,
        pixels,
        certainty,
        inverse: batch.pixels * 4,
      });
      const settle = async (
        stage: 'start' | 'step' | 'turn',
        parts: Float32Array,
        courses: Uint32Array,
      ) => {
        const kernel = settleCourseKernel(batch, stage, RULES);
        const result = await runKernel(gpu!, kernel, { tiles: batch.table, parts, courses });
        return words(result['courses']);
      };
      let values: Float32Array<ArrayBuffer> = opacity;
      let courses = await flagged();
      const first = await multiply(values, 0, courses);
      const start = await runKernel(gpu!, startSolvingKernel(batch), {
        tiles: batch.table,
        courses,
        inverse: inverse!,
        product: first.product,
        residual: none(batch.pixels),
        direction: batch.pixels * 4,
        parts: none(batch.blocks),
      });
      let { residual, direction } = start;
      courses = await settle('start', start['parts']!, courses);
      for (let step = 0; step < RULES.iterations; step++) {
        const { product, parts } = await multiply(direction!, RULES.pull, courses);
        courses = await settle('step', parts, courses);
        const ahead = await runKernel(gpu!, advanceSolutionKernel(batch), {
          tiles: batch.table,
          courses,
          inverse: inverse!,
          direction: direction!,
          product,
          opacity: values,
          residual: residual!,
          parts: none(batch.blocks),
        });
        values = ahead['opacity']!;
        residual = ahead['residual'];
        courses = await settle('turn', ahead['parts']!, courses);
        const turned = await runKernel(gpu!, turnDirectionKernel(batch), {
          tiles: batch.table,
          courses,
          inverse: inverse!,
          residual: residual!,
          direction: direction!,
        });
        direction = turned['direction'];
      }
      const wanted = eachTile((tile, from, to) =>
        solutionReference(
          matrixOf(tile, from, to, RULES.pull),
          opacity.subarray(from, to),
          certainty.subarray(from, to),
          RULES,
        ),
      );
      // Conjugate gradients lose the rounding of the product over their steps. A tenth of a level of 255;
      // where edges are regularized otherwise, a level.
      expectClose(values, wanted, { what: 'opacity', limit: kind === 'edges' ? 4e-3 : 4e-4 });
    });
  });
});
