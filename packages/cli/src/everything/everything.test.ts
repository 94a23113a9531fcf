// The whole command as a process: what it writes, and what an interruption leaves.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { CocoFile } from '@samgpu/document';
import { coverageOf, fromCompressedRle, rleArea, rleBounds } from 'samgpu';
import sharp from 'sharp';
import { expect, test } from 'vitest';

import { coffee, outcomeOf, runSamgpu, startSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import type { EverythingResult } from './everything-result.ts';

const grid = ['--points-per-side', '8'];

test('writes an overlay and a COCO file, and JSON that fits them', async () => {
  using folder = new TemporaryFolder();
  const args = ['everything', coffee, ...grid, '--json', '--min-area', '20'];
  const { code, stdout, stderr } = await runSamgpu(args, { cwd: folder.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(folder.list('samgpu-output')).toEqual(['coffee.coco.json', 'coffee.overlay.png']);
  const line = JSON.parse(stdout) as EverythingResult;
  expect(line).toMatchObject({
    file: coffee,
    width: 600,
    height: 400,
    model: 'nano',
    complete: true,
    points: { tried: 64, total: 64 },
  });
  expect(line.masks.length).toBeGreaterThan(5);
  const rles = line.masks.map(({ rle }) => fromCompressedRle(rle));
  for (const [i, { area, bounds }] of line.masks.entries()) {
    expect({ area, bounds }).toEqual({ area: rleArea(rles[i]!), bounds: rleBounds(rles[i]!) });
  }
  expect(line.covered).toBeCloseTo(coverageOf(rles, line).share, 4);

  const coco = JSON.parse(readFileSync(folder.at(line.files.coco!), 'utf8')) as CocoFile;
  expect(coco.annotations.map(({ area }) => area)).toEqual(line.masks.map(({ area }) => area));
  const { point, cropBox, stability } = line.masks[0]!;
  expect(coco.annotations[0]).toMatchObject({
    stability_score: stability,
    point_coords: [[point.x, point.y]],
    crop_box: [cropBox.x, cropBox.y, cropBox.width, cropBox.height],
  });

  const picture = await sharp(coffee).raw().toBuffer();
  const { data, info } = await sharp(folder.at(line.files.overlay!))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 600, height: 400, channels: 3 });
  const { counts } = coverageOf(rles, line);
  const isSame = (i: number): boolean =>
    [0, 1, 2].every((channel) => data[i * 3 + channel] === picture[i * 3 + channel]);
  // Covered pixels are tinted, and no others.
  const tinted = counts.reduce((sum, count, i) => sum + (count > 0 && !isSame(i) ? 1 : 0), 0);
  expect(counts.every((count, i) => count > 0 || isSame(i))).toBe(true);
  expect(tinted / (line.covered * counts.length)).toBeGreaterThan(0.95);
});

const python = process.env['SAMGPU_PYTHON'] ?? '/usr/bin/python3';
const skip = spawnSync(python, ['-c', 'import numpy, pycocotools.coco']).status !== 0;

test.skipIf(skip)(
  `pycocotools reads it${skip ? ` (skipped: ${python} has it not)` : ''}`,
  async () => {
    using folder = new TemporaryFolder();
    const args = ['everything', coffee, ...grid, '--json', '--format', 'coco'];
    const { stdout } = await runSamgpu(args, { cwd: folder.path });
    const line = JSON.parse(stdout) as EverythingResult;
    const program = `
import contextlib, json, sys
from pycocotools.coco import COCO
from pycocotools import mask as masks
import numpy as np
with contextlib.redirect_stdout(sys.stderr):
    coco = COCO(sys.argv[1])
print(json.dumps([
    masks.encode(np.asfortranarray(coco.annToMask(annotation)))["counts"].decode()
    for annotation in coco.loadAnns(coco.getAnnIds())
]))
`;
    const reader = spawnSync(python, ['-c', program, folder.at(line.files.coco!)], {
      encoding: 'utf8',
    });
    expect(JSON.parse(reader.stdout)).toEqual(line.masks.map(({ rle }) => rle.counts));
  },
);

test('Ctrl-C ends the search and keeps what was found', async () => {
  using folder = new TemporaryFolder();
  mkdirSync(folder.at('in'));
  for (const name of ['a.jpg', 'b.jpg']) copyFileSync(coffee, folder.at('in', name));
  // Many small batches: each is a chance to stop.
  const args = ['everything', 'in', '--points-per-side', '200', '--points-per-batch', '16'];
  const child = startSamgpu([...args, '--json', '--output', 'out'], { cwd: folder.path });
  const ending = outcomeOf(child);
  // Its hidden folder appears shortly before the search begins, which takes minutes.
  while (child.exitCode === null) {
    await delay(50);
    try {
      if (folder.list('out').length > 0) break;
    } catch {
      // The folder is not there yet.
    }
  }
  await delay(4000);
  child.kill('SIGINT');
  const { code, stdout } = await ending;
  expect(code).toBe(130);
  const [line, ...others] = stdout.trim().split('\n');
  expect(others).toEqual([]);
  const result = JSON.parse(line!) as EverythingResult;
  expect(result.complete).toBe(false);
  expect(result.points.tried).toBeGreaterThan(0);
  expect(result.points.tried).toBeLessThan(result.points.total);
  expect(folder.list('out')).toEqual(['a.coco.json', 'a.overlay.png']);
  const coco = JSON.parse(readFileSync(folder.at('out', 'a.coco.json'), 'utf8')) as CocoFile;
  expect(coco.annotations.length).toBe(result.masks.length);
});

test('says what to do where nothing is found, and where a model cannot', async () => {
  using folder = new TemporaryFolder();
  const nothing = await runSamgpu(['everything', coffee, ...grid, '--pred-iou', '0.999'], {
    cwd: folder.path,
  });
  expect(nothing.code).toBe(0);
  expect(nothing.stdout).toContain('0 masks on 0.0 % of the picture');
  expect(nothing.stdout).toContain('lower --pred-iou or --stability');
  const unknown = await runSamgpu(['everything', coffee, ...grid, '--mode', 'fancy'], {
    cwd: folder.path,
  });
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('has no answers of the mode "fancy"');
});
