// pycocotools reads what we write. Needs a Python with it: `pip install pycocotools` for
// /usr/bin/python3 or for the interpreter named in SAMGPU_PYTHON.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CocoFile } from '@samgpu/document';
import { expect, test } from 'vitest';

import { coffee, runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import type { PictureResult } from '../segment/picture-result.ts';

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
annotations = coco.loadAnns(coco.getAnnIds(imgIds=coco.getImgIds(), catIds=coco.getCatIds()))
print(json.dumps([
    masks.encode(np.asfortranarray(coco.annToMask(annotation)))["counts"].decode()
    for annotation in annotations
]))
`;

test.skipIf(skip)(`pycocotools reads our COCO files${note}`, async () => {
  using folder = new TemporaryFolder();
  // The alternatives of a click on the coffee have holes and pieces, the spoon's box is one piece.
  const prompts = ['--point', '290,135', '--object', '--box', '326,240,80,86', '--multimask'];
  const args = ['segment', coffee, ...prompts, '--format', 'coco', '--json'];
  const { stdout } = await runSamgpu(args, { cwd: folder.path });
  const result = JSON.parse(stdout) as PictureResult;
  const path = join(folder.path, result.masks[0]!.files.coco!);

  const coco = JSON.parse(readFileSync(path, 'utf8')) as CocoFile;
  expect(coco.images).toEqual([{ id: 1, file_name: 'coffee.jpg', width: 600, height: 400 }]);
  expect(coco.categories).toEqual([{ id: 1, name: 'object' }]);
  expect(
    coco.annotations.map(({ id, area, bbox, iscrowd }) => ({ id, area, bbox, iscrowd })),
  ).toEqual(
    result.masks.map(({ area, bounds: { x, y, width, height } }, i) => ({
      id: i + 1,
      area,
      bbox: [x, y, width, height],
      iscrowd: 0,
    })),
  );
  const forms = new Set(coco.annotations.map(({ segmentation }) => Array.isArray(segmentation)));
  expect(forms).toEqual(new Set([true, false]));

  const reader = spawnSync(python, ['-c', program, path], { encoding: 'utf8' });
  expect(reader).toMatchObject({ status: 0 });
  // Pixel by pixel, polygons as well as run lengths.
  expect(JSON.parse(reader.stdout)).toEqual(result.masks.map(({ rle }) => rle.counts));
});
