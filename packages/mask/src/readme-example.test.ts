import { readmeExample } from '@samgpu/testing';
import { expect, test } from 'vitest';

// #region example
import {
  connectedComponents,
  fillHoles,
  fromCompressedRle,
  Mask,
  rasterizePolygons,
  removeSmallRegions,
  rleIou,
} from '@samgpu/mask';

// A square with a hole, painted by hand, and a speck beside it.
const painted = rasterizePolygons(
  [
    { outer: ring(2, 2, 12), holes: [ring(5, 5, 3)] },
    { outer: ring(18, 1, 1), holes: [] },
  ],
  20, // pixels wide
  16, // and high
);
const { components } = connectedComponents(painted); // the speck, then the square
const { bitmap: square } = removeSmallRegions(painted, 4, 'islands');
const mask = Mask.fromBitmap(fillHoles(square));

const text = mask.toRle({ compressed: true }); // as COCO writes it
const same = rleIou(fromCompressedRle(text), mask.toRle()); // 1
const outline = mask.toSvgPath({ tolerance: 1 }); // for <path d="…">
// #endregion

function ring(x: number, y: number, side: number): [number, number][] {
  return [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
  ];
}

test('the example of the README runs', () => {
  expect(components.map(({ area }) => area)).toEqual([1, 12 * 12 - 9]);
  expect(mask.area).toBe(12 * 12);
  expect(same).toBe(1);
  expect(outline).toBe('M2 2H14V14H2Z');
});

test('the example stands in the README as it runs here', () => {
  const { shown, run } = readmeExample(import.meta.url);
  expect(shown).toBe(run);
});
