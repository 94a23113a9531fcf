// pycocotools fills the same pixels. Needs a Python with numpy and pycocotools: `pip install pycocotools`
// for /usr/bin/python3 or for the interpreter named in SAMGPU_PYTHON.

import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { rleFromCocoPolygons } from './coco-polygons.ts';
import { MaskError } from './mask-error.ts';
import { toCompressedRle } from './run-length-text.ts';
import { encodeRle } from './run-length.ts';
import { bitmapFrom } from './bitmap.ts';
import { tracePolygons } from './trace-polygons.ts';

const python = process.env['SAMGPU_PYTHON'] ?? '/usr/bin/python3';
const skip = spawnSync(python, ['-c', 'import numpy, pycocotools.mask']).status !== 0;
const note = skip ? ` (skipped: ${python} does not have it)` : '';

const program = `
import json, sys
from pycocotools import mask as coco
answers = []
for case in json.load(sys.stdin):
    rles = coco.frPyObjects(case["polygons"], case["height"], case["width"])
    answers.append(coco.merge(rles)["counts"].decode())
json.dump(answers, sys.stdout)
`;

const coordinate = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: -8, max: 60, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 50 }) },
  // Halves and fifths are where rounding shows.
  { weight: 2, arbitrary: fc.integer({ min: -20, max: 400 }).map((value) => value / 10) },
  { weight: 1, arbitrary: fc.double({ min: -5000, max: 5000, noNaN: true }) },
);
const polygon = fc
  .array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 12 })
  .map((points) => points.flat());
const drawing = fc.record({
  width: fc.integer({ min: 1, max: 50 }),
  height: fc.integer({ min: 1, max: 50 }),
  polygons: fc.array(polygon, { minLength: 1, maxLength: 3 }),
});

describe.skipIf(skip)(`pycocotools${note}`, () => {
  test('fills the same pixels', () => {
    const drawings = fc.sample(drawing, { numRuns: 2000, seed: 4 });
    const run = spawnSync(python, ['-c', program], {
      input: JSON.stringify(drawings),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    expect(run.stderr).toBe('');
    const answers = JSON.parse(run.stdout) as string[];
    expect(answers).toHaveLength(drawings.length);
    const ours = drawings.map(
      ({ polygons, width, height }) =>
        toCompressedRle(rleFromCocoPolygons(polygons, { width, height })).counts,
    );
    expect(ours).toEqual(answers);
  });
});

test('outlines along pixel edges give back the mask', () => {
  const bitmaps = fc.record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    values: fc.array(fc.boolean(), { minLength: 400, maxLength: 400 }),
  });
  fc.assert(
    fc.property(bitmaps, ({ width, height, values }) => {
      const bitmap = bitmapFrom(values.slice(0, width * height), width, height);
      // Polygons of COCO have no holes; united, those of the pieces without holes are all there is.
      const pieces = tracePolygons(bitmap);
      fc.pre(pieces.every(({ holes }) => holes.length === 0));
      const flat = pieces.map(({ outer }) => outer.flatMap(([x, y]) => [x, y]));
      expect(rleFromCocoPolygons(flat, { width, height })).toEqual(encodeRle(bitmap));
    }),
  );
});

test.each([
  ['two corners', [0, 0, 5, 5]],
  ['an odd number', [0, 0, 5, 5, 3, 2, 1]],
  ['not a number', [0, 0, 5, Number.NaN, 3, 2]],
  ['beyond all pictures', [0, 0, 1e300, 5, 3, 2]],
])('refuses %s', (_, polygon) => {
  expect(() => rleFromCocoPolygons([polygon], { width: 9, height: 9 })).toThrow(MaskError);
});
