import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bitmapArea, bitmapFrom, createBitmap, type Bitmap } from './bitmap.ts';
import { connectedComponents } from './connected-components.ts';
import { bitmapArbitrary } from './fixtures/bitmap-arbitrary.ts';
import { rasterizePolygons } from './rasterize-polygons.ts';
import { encodeRle } from './run-length.ts';
import { toSvgPath } from './svg-path.ts';
import { tracePolygons, type Ring, type Vertex } from './trace-polygons.ts';

/** '#' is inside; rows are separated by spaces. */
function drawn(text: string): Bitmap {
  const rows = text.split(' ');
  const values = Array.from(rows.join(''), (character) => character === '#');
  return bitmapFrom(values, rows[0]!.length, rows.length);
}

/** Distance of a vertex to the closed line. */
function distanceToRing([x, y]: Vertex, ring: Ring): number {
  return Math.min(
    ...ring.map(([x0, y0], i) => {
      const [x1, y1] = ring[(i + 1) % ring.length]!;
      const along =
        ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2);
      const t = Math.min(1, Math.max(0, along));
      return Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0));
    }),
  );
}

/** Twice the area; positive when clockwise on the screen. */
function doubleArea(ring: Ring): number {
  return ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
}

const bitmaps = bitmapArbitrary(14, [0.1, 0.5, 0.8]);

function expectRingsToBeRight(bitmap: Bitmap): void {
  const polygons = tracePolygons(bitmap);
  expect(tracePolygons(encodeRle(bitmap))).toEqual(polygons);
  const pieces = connectedComponents(bitmap, { connectivity: 4 }).components;
  expect(polygons.length).toBe(pieces.length);
  for (const [i, { outer, holes }] of polygons.entries()) {
    expect(doubleArea(outer)).toBeGreaterThan(0);
    for (const hole of holes) expect(doubleArea(hole)).toBeLessThan(0);
    // Each hole belongs to the piece around it, or areas would not add up.
    const area = [outer, ...holes].reduce((sum, ring) => sum + doubleArea(ring), 0) / 2;
    expect(area).toBe(pieces[i]!.area);
    for (const ring of [outer, ...holes]) {
      for (const [k, [x, y]] of ring.entries()) {
        const [nextX, nextY] = ring[(k + 1) % ring.length]!;
        const [afterX, afterY] = ring[(k + 2) % ring.length]!;
        // Sides are horizontal and vertical in turn, so nothing collinear is left.
        expect(x === nextX).toBe(nextY === afterY);
        expect(y === nextY).toBe(nextX === afterX);
      }
    }
  }
}

describe('tracePolygons', () => {
  test('is exact for random masks', () => {
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const { width, height } = bitmap;
        expect(rasterizePolygons(tracePolygons(bitmap), width, height)).toEqual(bitmap);
        expectRingsToBeRight(bitmap);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['empty', '... ...'],
    ['full', '### ###'],
    ['one pixel', '#'],
    ['checkerboard', '#.#. .#.# #.#. .#.#'],
    ['a row', '.... #### ....'],
    ['a column', '.#. .#. .#.'],
    ['a frame at the border', '#### #..# #..# ####'],
    ['an island in a hole', '##### #...# #.#.# #...# #####'],
    ['holes meeting at a corner', '#### #.## ##.# ####'],
    ['a hole that meets the outside at a corner', '.### #.## #### ####'],
    ['a hole at the corner of another piece', '###. #.#. ##.# ...#'],
    ['a spiral', '##### ....# ###.# #...# #####'],
  ])('is exact for %s', (_, text) => {
    const bitmap = drawn(text);
    const { width, height } = bitmap;
    expect(rasterizePolygons(tracePolygons(bitmap), width, height)).toEqual(bitmap);
    expectRingsToBeRight(bitmap);
  });

  test('merges straight sides, turns clockwise and gives holes to their piece', () => {
    expect(tracePolygons(drawn('..... .###. .#.#. .###.'))).toEqual([
      {
        outer: [
          [1, 1],
          [4, 1],
          [4, 4],
          [1, 4],
        ],
        holes: [
          [
            [3, 2],
            [2, 2],
            [2, 3],
            [3, 3],
          ],
        ],
      },
    ]);
  });

  test('pixels that share a corner are two pieces, holes that do are one', () => {
    expect(tracePolygons(drawn('#. .#')).length).toBe(2);
    expect(tracePolygons(drawn('#### #.## ##.# ####'))[0]!.holes.length).toBe(1);
  });

  test('tolerance removes stairs and strays no further', () => {
    const size = 200;
    const disc = createBitmap(size, size);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        if (Math.hypot(x - 99.5, y - 99.5) < 80) disc.data[y * size + x] = 1;
      }
    }
    const exact = tracePolygons(disc)[0]!.outer;
    const simplified = tracePolygons(disc, { tolerance: 1 });
    const ring = simplified[0]!.outer;
    expect(ring.length).toBeLessThan(exact.length / 6);
    expect(doubleArea(ring)).toBeGreaterThan(0);
    const again = rasterizePolygons(simplified, size, size);
    const different = again.data.reduce((sum, value, i) => sum + (value ^ disc.data[i]!), 0);
    // The line moves by a pixel at most, on a circumference of 503 pixels.
    expect(different).toBeLessThan(503);
    expect(different).toBeGreaterThan(0);
  });

  test('simplified rings keep at least three of their own vertices, in order and within reach', () => {
    fc.assert(
      fc.property(bitmaps, fc.double({ min: 0.01, max: 30, noNaN: true }), (bitmap, tolerance) => {
        const exact = tracePolygons(bitmap);
        const simplified = tracePolygons(bitmap, { tolerance });
        expect(simplified.length).toBe(exact.length);
        for (const [i, { outer, holes }] of simplified.entries()) {
          for (const [k, ring] of [outer, ...holes].entries()) {
            const original = k === 0 ? exact[i]!.outer : exact[i]!.holes[k - 1]!;
            expect(ring.length).toBeGreaterThanOrEqual(3);
            let at = 0;
            for (const vertex of ring) {
              while (at < original.length && String(original[at]) !== String(vertex)) at += 1;
              at += 1;
            }
            expect(at).toBeLessThanOrEqual(original.length);
            const strays = original.map((vertex) => distanceToRing(vertex, ring));
            expect(Math.max(...strays)).toBeLessThanOrEqual(tolerance + 1e-9); // f64 rounding.
          }
        }
      }),
    );
  });

  test('refuses a tolerance that is none', () => {
    expect(() => tracePolygons(createBitmap(2, 2), { tolerance: -1 })).toThrow('tolerance -1');
    expect(() => tracePolygons(createBitmap(2, 2), { tolerance: Number.NaN })).toThrow('NaN');
  });
});

describe('rasterizePolygons', () => {
  test('fills by pixel centres and cuts off what is beside the image', () => {
    const triangle = {
      outer: [
        [-2, 0],
        [4, 0],
        [4, 6],
      ] as const,
      holes: [],
    };
    const bitmap = rasterizePolygons([triangle], 5, 3);
    // The slanted side passes x = y - 2, so centres right of it are inside.
    expect(bitmap).toEqual(drawn('####. ####. ####.'));
    const half = {
      outer: [
        [0, 0],
        [3, 0],
        [0, 3],
      ] as const,
      holes: [],
    };
    expect(bitmapArea(rasterizePolygons([half], 3, 3))).toBe(3);
  });

  test('where rings overlap, the fill rule decides', () => {
    const square = (x: number, side: number, clockwise: boolean): [number, number][] => {
      const ring: [number, number][] = [
        [x, x],
        [x + side, x],
        [x + side, x + side],
        [x, x + side],
      ];
      return clockwise ? ring : ring.reverse();
    };
    const area = (rings: [number, number][][], fillRule: 'evenodd' | 'nonzero'): number =>
      bitmapArea(
        rasterizePolygons(
          rings.map((outer) => ({ outer, holes: [] })),
          12,
          12,
          { fillRule },
        ),
      );
    const same = [square(1, 8, true), square(3, 4, true)];
    const against = [square(1, 8, true), square(3, 4, false)];
    expect(area(same, 'evenodd')).toBe(64 - 16);
    expect(area(same, 'nonzero')).toBe(64);
    expect(area(against, 'nonzero')).toBe(64 - 16);
    expect(area([square(-5, 30, false)], 'nonzero')).toBe(144);
  });
});

describe('toSvgPath', () => {
  test('writes closed subpaths with short commands', () => {
    expect(toSvgPath(tracePolygons(drawn('### #.# ###')))).toBe('M0 0H3V3H0ZM2 1H1V2H2Z');
    expect(
      toSvgPath([
        {
          outer: [
            [0, 0],
            [2.00049, 1],
            [0.5, 3],
          ],
          holes: [],
        },
      ]),
    ).toBe('M0 0L2 1L0.5 3Z');
    expect(toSvgPath([])).toBe('');
  });
});
