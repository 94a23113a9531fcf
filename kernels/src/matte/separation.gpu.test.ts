import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import type { SeparationRules } from './matte-rules.ts';
import { momentsReference, separationReference, smoothReference } from './matte.reference.ts';
import {
  CELL_MOMENTS,
  cellMomentsKernel,
  LINE_NUMBERS,
  packCells,
  type SampledCells,
  separateCellsKernel,
  smoothLinesKernel,
} from './separation.ts';

const gpu = await openTestDevice();

const RULES: SeparationRules = {
  leastWeight: 0.01,
  regularization: 1e-4,
  leastVariance: 2e-3,
  mostVariance: 4,
  fewSamples: 3,
  leastCertainty: 1e-5,
  unknownVariance: 1e4,
};

const SHAPES = [
  { width: 1, height: 1, radius: 2 },
  { width: 7, height: 1, radius: 2 },
  { width: 1, height: 6, radius: 3 },
  { width: 5, height: 4, radius: 11 },
  { width: 33, height: 18, radius: 3 },
  { width: 18, height: 35, radius: 8 },
] as const;

/** A disc of whole levels whose colours go with the label, some of them transparent. */
function someCells(width: number, height: number): SampledCells {
  const random = seededValues(width * height * 4, 3);
  const distanceOf = (i: number): number =>
    Math.hypot((i % width) - width / 2, Math.floor(i / width) - height / 2) -
    Math.min(width, height) / 3;
  const cells = Array.from({ length: width * height }, (_, i) => i);
  return {
    width,
    height,
    labels: Uint8Array.from(cells, (i) => (distanceOf(i) < 0 ? 1 : 0)),
    distance: Float32Array.from(cells, (i) => Math.abs(distanceOf(i))),
    seen: Uint8Array.from(cells, (i) => (i % 11 === 10 ? 0 : 1)),
    colors: Float32Array.from({ length: width * height * 3 }, (_, k) => {
      const base = distanceOf(Math.floor(k / 3)) < 0 ? 150 : 60;
      return Math.round(base + 50 * random[k]!) / 255;
    }),
  };
}

describe.skipIf(gpu === undefined)(`separation of colours${missingDevice()}`, () => {
  test.each(SHAPES)(
    'sums of $width x $height, radius $radius',
    async ({ width, height, radius }) => {
      const cells = someCells(width, height);
      const window = { radius, trusted: 5 };
      const { kernel, parameters } = cellMomentsKernel(cells, window, RULES, gpu!.kernelDevice);
      const { sums } = await runKernel(gpu!, kernel, {
        parameters,
        cells: packCells(cells),
        sums: CELL_MOMENTS * width * height * 4,
      });
      const wanted = momentsReference(cells, window.trusted, RULES.leastWeight, radius, 0);
      // Sums of at most 23 numbers up to 1: that many roundings of 6e-8 each, of up to 23.
      expectClose(sums!, wanted, { what: kernel.label, limit: 2e-5 });
    },
  );

  test.each(SHAPES)(
    'lines of $width x $height, radius $radius',
    async ({ width, height, radius }) => {
      const cells = someCells(width, height);
      const packed = packCells(cells);
      const windows = [
        { radius, trusted: 5 },
        { radius: radius + 1, trusted: 4 },
      ];
      const reach = 8;
      let sums: Float32Array = new Float32Array(width * height * LINE_NUMBERS);
      for (const window of windows) {
        const first = cellMomentsKernel(cells, window, RULES, gpu!.kernelDevice);
        const { sums: rows } = await runKernel(gpu!, first.kernel, {
          parameters: first.parameters,
          cells: packed,
          sums: CELL_MOMENTS * width * height * 4,
        });
        const second = separateCellsKernel(cells, window, reach, RULES, gpu!.kernelDevice);
        const result = await runKernel(gpu!, second.kernel, {
          parameters: second.parameters,
          cells: packed,
          rows: rows!,
          sums,
        });
        sums = result['sums']!;
      }
      const wanted = separationReference(cells, windows, reach, RULES);
      const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // Variances are differences of sums in f32, some 1e-6 of them; weights are their squares.
      expectClose(sums, wanted, { what: 'separate-cells', limit: 5e-5 * scale });
      // Grids of a few cells lie on one side.
      expect(scale > 0).toBe(width * height > 10);

      const smooth = smoothLinesKernel(cells, 2, RULES, gpu!.kernelDevice);
      const { lines } = await runKernel(gpu!, smooth.kernel, {
        parameters: smooth.parameters,
        cells: packed,
        sums,
        lines: width * height * LINE_NUMBERS * 4,
      });
      // Of the same sums: quotients of sums of 25, and slopes are some tens at most.
      const exact = smoothReference(cells, sums, 2, RULES);
      expectClose(lines!, exact, { what: smooth.kernel.label, limit: 1e-4 });
    },
  );

  test('windows that are too small for the shaders are refused', () => {
    const size = { width: 4, height: 4 };
    const window = { radius: 1, trusted: 4 };
    expect(() => cellMomentsKernel(size, window, RULES, gpu!.kernelDevice)).toThrow(RangeError);
  });
});
