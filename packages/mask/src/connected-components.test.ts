import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bitmapArea, bitmapBounds, bitmapFrom, type Bitmap } from './bitmap.ts';
import { connectedComponents, keepComponentsAt } from './connected-components.ts';
import { encodeRle } from './run-length.ts';
import { fillHoles, removeSmallRegions } from './small-regions.ts';

/** '#' is inside; rows are separated by spaces. */
function drawn(text: string): Bitmap {
  const rows = text.split(' ');
  const values = Array.from(rows.join(''), (character) => character === '#');
  return bitmapFrom(values, rows[0]!.length, rows.length);
}

const bitmaps = fc
  .record({ width: fc.integer({ min: 1, max: 16 }), height: fc.integer({ min: 1, max: 16 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.boolean(), { minLength: width * height, maxLength: width * height })
      .map((values) => bitmapFrom(values, width, height)),
  );

/** Flood fill pixel by pixel: the definition. */
function floodLabels({ width, height, data }: Bitmap, connectivity: 4 | 8): number[] {
  const labels = Array<number>(width * height).fill(0);
  let count = 0;
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed] === 0 || labels[seed] !== 0) continue;
    count += 1;
    const stack = [seed];
    labels[seed] = count;
    while (stack.length > 0) {
      const pixel = stack.pop()!;
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      for (let neighbour = 0; neighbour < 9; neighbour++) {
        const [dx, dy] = [(neighbour % 3) - 1, Math.floor(neighbour / 3) - 1];
        if (connectivity === 4 && dx !== 0 && dy !== 0) continue;
        const [nextX, nextY] = [x + dx, y + dy];
        if (nextX < 0 || nextY < 0 || nextX >= width || nextY >= height) continue;
        const next = nextY * width + nextX;
        if (data[next] === 0 || labels[next] !== 0) continue;
        labels[next] = count;
        stack.push(next);
      }
    }
  }
  return labels;
}

describe('connectedComponents', () => {
  test('equals a flood fill', () => {
    fc.assert(
      fc.property(bitmaps, fc.constantFrom<4 | 8>(4, 8), (bitmap, connectivity) => {
        const { components, labels } = connectedComponents(bitmap, { connectivity });
        const wanted = floodLabels(bitmap, connectivity);
        expect([...labels]).toEqual(wanted);
        expect(components.length).toBe(Math.max(0, ...wanted));
        for (const [i, { area, bounds }] of components.entries()) {
          const values = wanted.map((label) => label === i + 1);
          const piece = bitmapFrom(values, bitmap.width, bitmap.height);
          expect(area).toBe(bitmapArea(piece));
          expect(bounds).toEqual(bitmapBounds(piece));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('joins arms that meet late', () => {
    const comb = drawn('#.#.# #.#.# #####');
    expect(connectedComponents(comb).components.length).toBe(1);
    const diagonal = drawn('#.. .#. ..#');
    expect(connectedComponents(diagonal).components.length).toBe(1);
    expect(connectedComponents(diagonal, { connectivity: 4 }).components.length).toBe(3);
  });
});

describe('keepComponentsAt', () => {
  const bitmap = drawn('##..# ##..# ..... ###..');

  test('keeps the pieces under the points', () => {
    expect(keepComponentsAt(bitmap, [{ x: 1.9, y: 0.2 }])).toEqual(
      drawn('##... ##... ..... .....'),
    );
    expect(
      keepComponentsAt(bitmap, [
        { x: 4, y: 1 },
        { x: 0, y: 3 },
        { x: 3, y: 2 },
      ]),
    ).toEqual(drawn('....# ....# ..... ###..'));
  });

  test('keeps everything when no point lies on the mask', () => {
    expect(keepComponentsAt(bitmap, [{ x: 3, y: 0 }])).toBe(bitmap);
    expect(
      keepComponentsAt(bitmap, [
        { x: -1, y: 0 },
        { x: 5, y: 0 },
        { x: Number.NaN, y: 0 },
      ]),
    ).toBe(bitmap);
    expect(keepComponentsAt(bitmap, [])).toBe(bitmap);
  });

  test('honours connectivity', () => {
    const diagonal = drawn('#. .#');
    expect(keepComponentsAt(diagonal, [{ x: 0, y: 0 }])).toBe(diagonal);
    expect(keepComponentsAt(diagonal, [{ x: 0, y: 0 }], { connectivity: 4 })).toEqual(
      drawn('#. ..'),
    );
  });
});

describe('removeSmallRegions', () => {
  test('fills small holes, at the edge as well', () => {
    const bitmap = drawn('.#### ##.## ##### #...#');
    expect(removeSmallRegions(bitmap, 3, 'holes')).toEqual({
      bitmap: drawn('##### ##### ##### #...#'),
      changed: true,
    });
  });

  test('drops small islands and leaves what is large enough', () => {
    const bitmap = drawn('##..# ##... ....#');
    expect(removeSmallRegions(bitmap, 2, 'islands').bitmap).toEqual(drawn('##... ##... .....'));
    const untouched = removeSmallRegions(bitmap, 1, 'islands');
    expect(untouched.changed).toBe(false);
    expect(untouched.bitmap).toBe(bitmap);
  });

  test('keeps the largest island when all are small', () => {
    expect(removeSmallRegions(drawn('#..## .....'), 99, 'islands').bitmap).toEqual(
      drawn('...## .....'),
    );
  });

  test('among equal islands keeps the one that OpenCV labels first, by 2x2 blocks', () => {
    // The right one starts higher, but the left one lies in an earlier block of the same two rows.
    expect(removeSmallRegions(drawn('...# #... ....'), 9, 'islands').bitmap).toEqual(
      drawn('.... #... ....'),
    );
    // Here the rows of blocks differ.
    expect(removeSmallRegions(drawn('.... ...# #...'), 9, 'islands').bitmap).toEqual(
      drawn('.... ...# ....'),
    );
  });

  test('an empty mask stays', () => {
    expect(removeSmallRegions(drawn('.. ..'), 9, 'islands').changed).toBe(false);
  });

  test('refuses a threshold that is none', () => {
    expect(() => removeSmallRegions(drawn('#'), Number.NaN, 'holes')).toThrow('NaN');
    expect(() => removeSmallRegions(drawn('#'), -1, 'holes')).toThrow('area threshold -1');
  });
});

describe('fillHoles', () => {
  test('fills holes but nothing that reaches the edge', () => {
    const bitmap = drawn('###### #..#.# #.##.. ######');
    expect(fillHoles(bitmap)).toEqual(drawn('###### ####.# ####.. ######'));
    expect(fillHoles(drawn('#.# #.# ###'))).toEqual(drawn('#.# #.# ###'));
  });

  test('leaves holes that are too large, and returns the mask itself then', () => {
    const bitmap = drawn('##### #..## ##### ##.## #####');
    expect(fillHoles(bitmap, { maximumArea: 1 })).toEqual(drawn('##### #..## ##### ##### #####'));
    expect(fillHoles(bitmap, { maximumArea: 0 })).toBe(bitmap);
  });

  test('a hole open at a corner is one only with connectivity 4', () => {
    const bitmap = drawn('.### #.## ####');
    expect(fillHoles(bitmap)).toBe(bitmap);
    expect(fillHoles(bitmap, { connectivity: 4 })).toEqual(drawn('.### #### ####'));
  });
});

describe('run lengths', () => {
  const connectivities = fc.constantFrom<4 | 8>(4, 8);

  test('have the pieces of their bitmap', () => {
    fc.assert(
      fc.property(bitmaps, connectivities, (bitmap, connectivity) => {
        const { components, labels } = connectedComponents(bitmap, { connectivity });
        const { width, height } = bitmap;
        const wanted = components.map((component, i) => {
          const piece = Array.from(labels, (label) => label === i + 1);
          return { ...component, rle: encodeRle(bitmapFrom(piece, width, height)) };
        });
        const pieces = connectedComponents(encodeRle(bitmap), { connectivity });
        const byText = (list: readonly unknown[]): string[] =>
          list.map((item) => JSON.stringify(item)).sort();
        expect(byText(pieces)).toEqual(byText(wanted));
      }),
    );
  });

  test('are cleaned as their bitmap is', () => {
    const point = fc.record({ x: fc.double({ min: -1, max: 17, noNaN: true }), y: fc.nat(17) });
    fc.assert(
      fc.property(
        bitmaps,
        connectivities,
        fc.integer({ min: 0, max: 40 }),
        fc.array(point, { maxLength: 3 }),
        (bitmap, connectivity, area, points) => {
          const rle = encodeRle(bitmap);
          for (const mode of ['holes', 'islands'] as const) {
            const wanted = removeSmallRegions(bitmap, area, mode);
            const cleaned = removeSmallRegions(rle, area, mode);
            expect(cleaned.changed).toBe(wanted.changed);
            expect(cleaned.rle).toEqual(encodeRle(wanted.bitmap));
          }
          const holes = { connectivity, maximumArea: area };
          expect(fillHoles(rle, holes)).toEqual(encodeRle(fillHoles(bitmap, holes)));
          const kept = keepComponentsAt(bitmap, points, { connectivity });
          expect(keepComponentsAt(rle, points, { connectivity })).toEqual(encodeRle(kept));
        },
      ),
    );
  });

  test('of 400 million pixels are cleaned without any of them', () => {
    const side = 20_000;
    const counts = [side + 10, 5, side * (side - 1) - 15];
    const { rle, changed } = removeSmallRegions({ size: [side, side], counts }, 6, 'islands');
    expect(changed).toBe(true);
    expect(rle.counts).toEqual(counts); // all are small, so the largest is kept
  });
});
