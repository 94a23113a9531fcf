import { expect, test } from 'vitest';

import { readCases } from './fixtures/official-cases.ts';
import { pointGrid, pointGrids } from './point-grid.ts';

test('equals the official grids to the last bit', () => {
  interface Case {
    readonly n_per_side: number;
    readonly n_layers: number;
    readonly scale_per_layer: number;
    readonly grids: readonly (readonly (readonly [number, number])[])[];
  }
  const { cases } = readCases('point_grids') as { cases: Case[] };
  expect(cases.length).toBe(6);
  for (const { n_per_side, n_layers, scale_per_layer, grids } of cases) {
    const wanted = grids.map((grid) => grid.map(([x, y]) => ({ x, y })));
    expect(pointGrids(n_per_side, n_layers, scale_per_layer)).toEqual(wanted);
  }
});

test('one point lies in the middle', () => {
  expect(pointGrid(1)).toEqual([{ x: 0.5, y: 0.5 }]);
});

test.each([0, -1, 2.5, Number.NaN, 5000])('refuses %f points per side', (count) => {
  expect(() => pointGrid(count)).toThrow('whole number from 1 to 4096');
});

test('refuses layers without points', () => {
  expect(() => pointGrids(4, 3, 2)).toThrow('at least one point');
});
