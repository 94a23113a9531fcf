// pycocotools writes and reads the same bytes. Needs a Python with numpy and pycocotools:
// `pip install pycocotools` for /usr/bin/python3 or for the interpreter named in SAMGPU_PYTHON.

import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bitmapFrom, type Bitmap } from './bitmap.ts';
import { rleIou } from './run-length-sets.ts';
import { fromCompressedRle, toCompressedRle } from './run-length-text.ts';
import { decodeRle, encodeRle, rleArea, rleBounds } from './run-length.ts';

const python = process.env['SAMGPU_PYTHON'] ?? '/usr/bin/python3';
const skip = spawnSync(python, ['-c', 'import numpy, pycocotools.mask']).status !== 0;
const note = skip ? ` (skipped: ${python} does not have it)` : '';

const program = `
import json, sys
import numpy as np
from pycocotools import mask as coco
answers = []
for case in json.load(sys.stdin):
    pixels = np.asfortranarray(np.array(case["pixels"], np.uint8).reshape(case["height"], case["width"]))
    rle = coco.encode(pixels)
    ours = {"size": case["rle"]["size"], "counts": case["rle"]["counts"].encode()}
    plain = coco.frPyObjects({"size": case["rle"]["size"], "counts": case["runs"]}, *case["rle"]["size"])
    answers.append({
        "size": [int(side) for side in rle["size"]],
        "counts": rle["counts"].decode(),
        "plain": plain["counts"].decode(),
        "decoded": coco.decode(ours).reshape(-1).tolist(),
        "area": int(coco.area(ours)),
        "bounds": coco.toBbox(ours).tolist(),
        "iou": float(coco.iou([ours], [coco.encode(np.asfortranarray(np.roll(pixels, 1, 1)))], [0])[0][0]),
    })
json.dump(answers, sys.stdout)
`;

interface Answer {
  readonly size: [number, number];
  readonly counts: string;
  readonly plain: string;
  readonly decoded: number[];
  readonly area: number;
  readonly bounds: [number, number, number, number];
  readonly iou: number;
}

/** Noise of several densities and blocky shapes, as both kinds of runs, short and long, occur. */
function randomBitmaps(): Bitmap[] {
  const shapes = fc
    .record({
      width: fc.integer({ min: 1, max: 90 }),
      height: fc.integer({ min: 1, max: 90 }),
      block: fc.constantFrom(1, 1, 2, 7, 40),
      seed: fc.integer(),
      density: fc.constantFrom(0, 0.02, 0.3, 0.5, 0.9, 1),
    })
    .map(({ width, height, block, seed, density }) => {
      const inside = (x: number, y: number): boolean => {
        const cell =
          Math.imul(Math.floor(x / block), 73856093) ^ Math.imul(Math.floor(y / block), 19349663);
        const hash = Math.imul(cell ^ seed, 0x9e3779b9);
        return (Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 8) / 2 ** 24 < density;
      };
      const values = Array.from({ length: width * height }, (_, i) =>
        inside(i % width, Math.floor(i / width)),
      );
      return bitmapFrom(values, width, height);
    });
  return fc.sample(shapes, { numRuns: 150, seed: 20 });
}

function shifted({ width, height, data }: Bitmap): Bitmap {
  const source = (i: number): number => i - (i % width) + (((i % width) + width - 1) % width);
  return bitmapFrom(
    data.map((_, i) => data[source(i)]!),
    width,
    height,
  );
}

describe.skipIf(skip)(`pycocotools${note}`, () => {
  test('agrees on strings, runs, pixels, areas, bounds and IoU', () => {
    const bitmaps = randomBitmaps();
    const input = bitmaps.map((bitmap) => {
      const rle = encodeRle(bitmap);
      const { width, height, data } = bitmap;
      return { width, height, pixels: [...data], rle: toCompressedRle(rle), runs: rle.counts };
    });
    const run = spawnSync(python, ['-c', program], {
      input: JSON.stringify(input),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    expect(run.stderr).toBe('');
    const answers = JSON.parse(run.stdout) as Answer[];
    expect(answers.length).toBe(bitmaps.length);
    for (const [i, answer] of answers.entries()) {
      const bitmap = bitmaps[i]!;
      const rle = encodeRle(bitmap);
      expect(toCompressedRle(rle)).toEqual({ size: answer.size, counts: answer.counts });
      expect(answer.plain).toBe(answer.counts);
      expect(answer.decoded).toEqual([...bitmap.data]);
      expect(decodeRle(fromCompressedRle(answer))).toEqual(bitmap);
      expect(rleArea(rle)).toBe(answer.area);
      const [x, y, width, height] = answer.bounds;
      expect(rleBounds(rle)).toEqual({ x, y, width, height });
      expect(rleIou(rle, encodeRle(shifted(bitmap)))).toBe(answer.iou);
    }
  });
});
