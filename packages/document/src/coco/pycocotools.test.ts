// pycocotools reads our COCO files. Needs a Python with numpy and pycocotools: `pip install pycocotools`
// for /usr/bin/python3 or for the interpreter named in SAMGPU_PYTHON.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bitmapFrom, Mask } from '@samgpu/mask';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { sampleDocument, samplePicture } from '../fixtures/sample-document.ts';
import type { PictureDocument } from '../picture-document.ts';
import type { CocoFile, CocoSegmentation } from './coco-file.ts';
import { readCoco } from './read-coco.ts';
import { writeCoco } from './write-coco.ts';

const python = process.env['SAMGPU_PYTHON'] ?? '/usr/bin/python3';
const skip = spawnSync(python, ['-c', 'import numpy, pycocotools.coco']).status !== 0;
const note = skip ? ` (skipped: ${python} does not have it)` : '';

const program = `
import contextlib, json, sys
from pycocotools.coco import COCO
from pycocotools import mask as masks
import numpy as np
with contextlib.redirect_stdout(sys.stderr):
    coco = COCO(sys.argv[1])
json.dump({
    "images": coco.loadImgs(coco.getImgIds()),
    "categories": {category["id"]: category["name"] for category in coco.loadCats(coco.getCatIds())},
    "annotations": [
        {
            "category": annotation["category_id"],
            "area": annotation["area"],
            "bbox": annotation["bbox"],
            "rle": masks.encode(np.asfortranarray(coco.annToMask(annotation)))["counts"].decode(),
        }
        for annotation in coco.loadAnns(coco.getAnnIds(imgIds=coco.getImgIds()))
    ],
}, sys.stdout)
`;

interface Read {
  readonly images: readonly { file_name: string; width: number; height: number }[];
  readonly categories: Readonly<Record<string, string>>;
  readonly annotations: readonly {
    readonly category: number;
    readonly area: number;
    readonly bbox: readonly number[];
    readonly rle: string;
  }[];
}

async function readByPython(
  document: PictureDocument,
  segmentation: CocoSegmentation,
): Promise<Read> {
  const folder = mkdtempSync(join(tmpdir(), 'samgpu-coco-'));
  try {
    const path = join(folder, 'coco.json');
    writeFileSync(path, await writeCoco(document, { segmentation, fileName: 'a.jpg' }).text());
    const run = spawnSync(python, ['-c', program, path], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    expect(run.status).toBe(0);
    return JSON.parse(run.stdout) as Read;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Noise has holes in holes and pieces that share corners. */
function noisy(): PictureDocument {
  const [width, height] = [40, 30];
  const masks = fc.sample(fc.array(fc.boolean(), { minLength: 1200, maxLength: 1200 }), {
    numRuns: 40,
    seed: 9,
  });
  const objects = masks.map((values, i) => ({
    id: `${i}`,
    name: `Noise ${i + 1}`,
    color: [i, 0, 0] as const,
    visible: true,
    mask: Mask.fromBitmap(bitmapFrom(values, width, height)),
  }));
  return { name: 'noise', image: samplePicture(width, height), objects };
}

describe.skipIf(skip)(`pycocotools${note}`, () => {
  test.each(['auto', 'polygons', 'rle'] as const)(
    '%s: the same pixels, holes and all',
    async (segmentation) => {
      for (const document of [sampleDocument(), noisy()]) {
        const { images, annotations, categories } = await readByPython(document, segmentation);
        const { width, height } = document.image;
        expect(images).toMatchObject([{ file_name: 'a.jpg', width, height }]);
        expect(
          annotations.map(({ rle, area, bbox, category }) => ({
            rle,
            area,
            bbox,
            category: categories[category],
          })),
        ).toEqual(
          document.objects.map(({ name, mask }) => {
            const { x, y, width, height } = mask.bounds;
            return {
              rle: mask.toRle({ compressed: true }).counts,
              area: mask.area,
              bbox: [x, y, width, height],
              category: name.replace(/ \d+$/, '').toLowerCase(),
            };
          }),
        );
      }
    },
  );
});

test('forms that were asked for', async () => {
  const document = sampleDocument();
  const formsOf = async (segmentation: CocoSegmentation): Promise<boolean[]> => {
    const file = JSON.parse(await writeCoco(document, { segmentation }).text()) as CocoFile;
    return file.annotations.map((annotation) => Array.isArray(annotation.segmentation));
  };
  expect(await formsOf('rle')).toEqual([false, false, false]);
  expect(await formsOf('polygons')).toEqual([true, true, true]);
  // The ring has a hole.
  expect(await formsOf('auto')).toEqual([false, true, true]);
});

test('annotations of several pictures: those of the open one, by name, else by size', () => {
  const annotation = (id: number, image: number): unknown => ({
    id,
    image_id: image,
    category_id: 4,
    segmentation: [[0, 0, 5, 0, 5, id, 0, id]],
  });
  const coco = readCoco(
    JSON.stringify({
      images: [
        { id: 1, file_name: 'folder/one.jpg', width: 20, height: 10 },
        { id: 2, file_name: 'two.png', width: 20, height: 10 },
        { id: 'x', file_name: 'three.png', width: 30, height: 10 },
      ],
      annotations: [
        annotation(1, 1),
        annotation(2, 2),
        annotation(3, 1),
        { ...(annotation(4, 1) as object), image_id: 'x' },
      ],
      categories: [{ id: 4, name: 'cup' }],
    }),
  );
  const areas = (image: Parameters<typeof coco.objectsFor>[0]): (readonly [string, number])[] =>
    coco.objectsFor(image).map(({ name, mask }) => [name, mask.area]);
  const size = { width: 20, height: 10 };
  expect(areas({ ...size, name: 'one.png' })).toEqual([
    ['cup 1', 5],
    ['cup 3', 15],
  ]);
  expect(areas({ ...size, name: 'two' })).toEqual([['cup 2', 10]]);
  expect(areas({ width: 30, height: 10, name: 'other' })).toEqual([['cup 4', 20]]);
  expect(() => areas({ ...size, name: 'other' })).toThrow('Open the picture that');
});
