import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { BoxCorners } from '../crops/box-corners.ts';
import { readCases } from '../fixtures/official-cases.ts';
import { rasterizePolygons } from '../rasterize-polygons.ts';
import { rleIou } from '../run-length-sets.ts';
import { encodeRle } from '../run-length.ts';
import type { Bitmap } from '../bitmap.ts';
import { boxNms } from './box-nms.ts';
import { maskNms } from './mask-nms.ts';

const corners = fc
  .tuple(
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 20 }),
  )
  .map(([x, y, width, height]): BoxCorners => [x, y, x + width, y + height]);

const candidates = fc.array(
  fc.record({
    box: corners,
    // Few values, so that many are equal.
    score: fc.integer({ min: 0, max: 4 }),
    category: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 24 },
);

function rectangle([x0, y0, x1, y1]: BoxCorners): Bitmap {
  const outer = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ] as const;
  return rasterizePolygons([{ outer, holes: [] }], 52, 52);
}

describe('boxNms', () => {
  test('equals torchvision', () => {
    interface Case {
      readonly boxes: readonly BoxCorners[];
      readonly scores: readonly number[];
      readonly iou_threshold: number;
      readonly keep: readonly number[];
    }
    const { cases } = readCases('nms') as { cases: Case[] };
    expect(cases.length).toBe(6);
    for (const { boxes, scores, iou_threshold, keep } of cases) {
      expect(boxNms(boxes, scores, iou_threshold)).toEqual(keep);
    }
  });

  test('equal scores keep their order', () => {
    const boxes: BoxCorners[] = [
      [0, 0, 10, 10],
      [40, 0, 50, 10],
      [0, 0, 10, 11],
      [20, 0, 30, 10],
    ];
    expect(boxNms(boxes, [1, 1, 1, 1], 0.5)).toEqual([0, 1, 3]);
    expect(boxNms(boxes, [1, 1, 2, 1], 0.5)).toEqual([2, 1, 3]);
  });

  test('an overlap equal to the threshold is none, and boxes without area overlap nothing', () => {
    // Intersection 50, union 100.
    expect(
      boxNms(
        [
          [0, 0, 10, 10],
          [0, 0, 10, 5],
        ],
        [1, 1],
        0.5,
      ),
    ).toEqual([0, 1]);
    expect(
      boxNms(
        [
          [0, 0, 10, 10],
          [0, 0, 10, 5],
        ],
        [1, 1],
        0.49,
      ),
    ).toEqual([0]);
    expect(
      boxNms(
        [
          [5, 5, 5, 5],
          [5, 5, 5, 5],
        ],
        [1, 1],
        0,
      ),
    ).toEqual([0, 1]);
    // 0.7 as a float32 is less than 0.7: 7/10 is not above the threshold.
    expect(
      boxNms(
        [
          [0, 0, 10, 10],
          [0, 0, 10, 7],
        ],
        [1, 1],
        0.7,
      ),
    ).toEqual([0, 1]);
  });

  test('categories are independent of each other', () => {
    fc.assert(
      fc.property(candidates, (list) => {
        const boxes = list.map(({ box }) => box);
        const scores = list.map(({ score }) => score);
        const categories = list.map(({ category }) => category);
        const kept = boxNms(boxes, scores, 0.3, { categories });
        const apart = [0, 1, 2].flatMap((wanted) => {
          const members = [...list.keys()].filter((i) => categories[i] === wanted);
          const keptMembers = boxNms(
            members.map((i) => boxes[i]!),
            members.map((i) => scores[i]!),
            0.3,
          );
          return keptMembers.map((i) => members[i]!);
        });
        expect(kept).toEqual(apart.sort((a, b) => scores[b]! - scores[a]! || a - b));
      }),
    );
  });

  test('refuses lists that do not fit, and thresholds out of range', () => {
    expect(() => boxNms([[0, 0, 1, 1]], [], 0.5)).toThrow('0 scores for 1 candidates');
    expect(() => boxNms([], [], 1.5)).toThrow('wanted 0 to 1');
    expect(() => boxNms([[0, 0, 1, 1]], [1], 0.5, { categories: [] })).toThrow('0 categories');
  });
});

describe('maskNms', () => {
  test('of rectangles equals that of their boxes', () => {
    fc.assert(
      fc.property(candidates, fc.constantFrom(0, 0.25, 0.6, 1), (list, threshold) => {
        const boxes = list.map(({ box }) => box);
        const scores = list.map(({ score }) => score);
        const categories = list.map(({ category }) => category);
        const bitmaps = boxes.map(rectangle);
        const wanted = boxNms(boxes, scores, threshold, { categories });
        expect(maskNms(bitmaps, scores, threshold, { categories })).toEqual(wanted);
        expect(maskNms(bitmaps.map(encodeRle), scores, threshold, { categories })).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });

  test('keeps thin objects that cross, as boxes would not', () => {
    const size = 40;
    const diagonal = (flip: boolean): Bitmap => ({
      width: size,
      height: size,
      data: Uint8Array.from({ length: size * size }, (_, i) => {
        const [x, y] = [i % size, Math.floor(i / size)];
        return x === (flip ? size - 1 - y : y) ? 1 : 0;
      }),
    });
    const masks = [diagonal(false), diagonal(true)];
    expect(rleIou(encodeRle(masks[0]!), encodeRle(masks[1]!))).toBe(0);
    expect(maskNms(masks, [1, 0.5], 0.7)).toEqual([0, 1]);
    expect(
      boxNms(
        [
          [0, 0, 39, 39],
          [0, 0, 39, 39],
        ],
        [1, 0.5],
        0.7,
      ),
    ).toEqual([0]);
  });

  test('drops a mask within another where that is wanted', () => {
    const [whole, part, beside] = [
      rectangle([0, 0, 20, 20]),
      rectangle([0, 0, 10, 5]),
      // Half of it lies within the first.
      rectangle([15, 0, 25, 10]),
    ] as const;
    const nestedThreshold = 0.9;
    const all = [whole, part, beside];
    expect(maskNms(all, [3, 2, 1], 0.7)).toEqual([0, 1, 2]);
    expect(maskNms(all, [3, 2, 1], 0.7, { nestedThreshold })).toEqual([0, 2]);
    expect(maskNms(all, [1, 2, 3], 0.7, { nestedThreshold })).toEqual([2, 1]);
    expect(maskNms(all, [3, 2, 1], 0.7, { nestedThreshold, categories: [0, 1, 0] })).toEqual([
      0, 1, 2,
    ]);
    expect(maskNms(all, [3, 2, 1], 0.7, { nestedThreshold: 0.4 })).toEqual([0]);
    expect(() => maskNms(all, [3, 2, 1], 0.7, { nestedThreshold: 2 })).toThrow('wanted 0 to 1');
  });

  test('refuses masks of different pictures', () => {
    const other = { width: 3, height: 3, data: new Uint8Array(9) };
    expect(() => maskNms([rectangle([0, 0, 2, 2]), other], [1, 1], 0.5)).toThrow('same image');
  });
});
