// The whole command as a process: what it writes, and where.

import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { decodeRle, fromCompressedRle } from 'samgpu';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { coffee, coffeePoint, runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import type { PictureResult } from './picture-result.ts';

const click = ['--point', coffeePoint, '--connected'];

function linesOf(stdout: string): PictureResult[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PictureResult);
}

/** Levels of a mask: the file must have one channel of 8 bits. */
async function readLevels(path: string): Promise<Buffer> {
  expect(await sharp(path).metadata()).toMatchObject({
    format: 'png',
    width: 600,
    height: 400,
    channels: 1,
    depth: 'uchar',
  });
  return sharp(path).toColourspace('b-w').raw().toBuffer();
}

describe('one click', () => {
  test('writes a mask and says so', async () => {
    using folder = new TemporaryFolder();
    const outcome = await runSamgpu(['segment', coffee, ...click], { cwd: folder.path });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(
      /^.*coffee\.jpg: score 0\.\d\d, \d+\.\d % of the picture -> samgpu-output.coffee\.mask\.png\n$/,
    );
    expect(folder.list('samgpu-output')).toEqual(['coffee.mask.png']);

    const levels = await readLevels(folder.at('samgpu-output', 'coffee.mask.png'));
    expect(new Set(levels)).toEqual(new Set([0, 255]));
    // The coffee, without the table: the left top corner is 0, the click 255.
    expect([levels[0], levels[135 * 600 + 290]]).toEqual([0, 255]);
  });

  test('writes every format, and JSON that fits them', async () => {
    using folder = new TemporaryFolder();
    const formats = ['png,cutout', 'overlay', 'coco,rle,svg'];
    const { code, stdout, stderr } = await runSamgpu(
      ['segment', coffee, ...click, '--json', ...formats.flatMap((names) => ['--format', names])],
      { cwd: folder.path },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [line, ...others] = linesOf(stdout);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ file: coffee, width: 600, height: 400, model: 'nano' });
    expect(line!.backend).toMatchObject({
      kind: 'onnx',
      description: expect.stringContaining('onnxruntime'),
      reason: expect.any(String),
    });
    expect(Object.keys(line!.times).sort()).toEqual([
      'decode',
      'encode',
      'masks',
      'preprocess',
      'read',
      'write',
    ]);
    for (const time of Object.values(line!.times)) expect(time).toBeGreaterThanOrEqual(0);

    const [mask] = line!.masks;
    expect(line!.masks).toHaveLength(1);
    expect(Object.keys(mask!.files)).toEqual(['png', 'cutout', 'overlay', 'rle', 'svg', 'coco']);
    const { data } = decodeRle(fromCompressedRle(mask!.rle));
    expect(mask!.area).toBe(data.reduce((sum, value) => sum + value, 0));
    const levels = await readLevels(folder.at(mask!.files.png!));
    expect(Buffer.compare(levels, Buffer.from(data.map((value) => value * 255)))).toBe(0);
    expect(JSON.parse(readFileSync(folder.at(mask!.files.rle!), 'utf8'))).toEqual(mask!.rle);

    // Outside of the object a cutout is empty; inside it is the picture.
    const cutout = await sharp(folder.at(mask!.files.cutout!)).raw().toBuffer();
    const photo = await sharp(coffee).raw().toBuffer();
    expect(data.every((value, i) => cutout[i * 4 + 3] === value * 255)).toBe(true);
    const at = 135 * 600 + 290;
    expect(cutout.subarray(at * 4, at * 4 + 3)).toEqual(photo.subarray(at * 3, at * 3 + 3));

    const overlay = await sharp(folder.at(mask!.files.overlay!)).metadata();
    expect(overlay).toMatchObject({ width: 600, height: 400 });

    // Smoothed by less than a pixel, and drawn with soft edges: nearly the same pixels.
    const drawn = await sharp(folder.at(mask!.files.svg!)).raw().toBuffer();
    const same = data.filter((value, i) => (drawn[i * 4 + 3]! >= 128 ? 1 : 0) === value).length;
    expect(same / data.length).toBeGreaterThan(0.995);
  });

  test('cuts to the object on demand', async () => {
    using folder = new TemporaryFolder();
    const { stdout } = await runSamgpu(
      ['segment', coffee, ...click, '--format', 'cutout', '--crop', '--json'],
      { cwd: folder.path },
    );
    const { bounds, files } = linesOf(stdout)[0]!.masks[0]!;
    const { width, height } = await sharp(folder.at(files.cutout!)).metadata();
    expect({ width, height }).toEqual({ width: bounds.width, height: bounds.height });
  });

  test('softens edges on demand', async () => {
    using folder = new TemporaryFolder();
    const { stdout } = await runSamgpu(
      ['segment', coffee, ...click, '--format', 'png,cutout,matte', '--edges', 'fast', '--json'],
      { cwd: folder.path },
    );
    const { files } = linesOf(stdout)[0]!.masks[0]!;
    const grey = (file: string | undefined): Promise<Buffer> =>
      sharp(folder.at(file!)).toColourspace('b-w').raw().toBuffer();
    const mask = await grey(files.png);
    const matte = await grey(files.matte);
    const cutout = await sharp(folder.at(files.cutout!)).raw().toBuffer();
    expect(matte).toHaveLength(mask.length);
    const soft = matte.filter((level) => level !== 0 && level !== 255).length;
    expect(soft).toBeGreaterThan(300);
    expect(matte.every((level, i) => cutout[i * 4 + 3] === level)).toBe(true);
    const apart = matte.filter((level, i) => Math.abs(level - mask[i]!) > 64).length;
    expect(apart / mask.length).toBeLessThan(0.02);
  });
});

describe('several masks', () => {
  test('of objects and their alternatives are numbered', async () => {
    using folder = new TemporaryFolder();
    const prompts = ['--point', coffeePoint, '--object', '--box', '326,240,80,86', '--multimask'];
    const { code, stdout } = await runSamgpu(
      ['segment', coffee, ...prompts, '--json', '--format', 'png,coco'],
      { cwd: folder.path },
    );
    expect(code).toBe(0);
    const { masks } = linesOf(stdout)[0]!;
    expect(masks.map(({ object, alternative }) => [object, alternative])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
      [2, 2],
      [2, 3],
    ]);
    expect(folder.list('samgpu-output')).toEqual([
      'coffee.2.mask.png',
      'coffee.3.mask.png',
      'coffee.4.mask.png',
      'coffee.5.mask.png',
      'coffee.6.mask.png',
      'coffee.coco.json',
      'coffee.mask.png',
    ]);
  });

  test('of a prompts file, for each picture its own', async () => {
    using folder = new TemporaryFolder();
    await mkdir(folder.at('photos'));
    for (const name of ['a.jpg', 'b.jpg']) await copyFile(coffee, folder.at('photos', name));
    const prompts = {
      'photos/a.jpg': { points: [[290, 135]] },
      'b.jpg': [{ points: [[290, 135, 1]] }, { box: [326, 240, 80, 86] }],
    };
    await writeFile(folder.at('prompts.json'), JSON.stringify(prompts));
    const { code, stderr } = await runSamgpu(
      ['segment', 'photos', '--prompts', 'prompts.json', '--output', 'masks'],
      { cwd: folder.path },
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^2 pictures segmented, in \d/);
    expect(folder.list('masks')).toEqual(['a.mask.png', 'b.2.mask.png', 'b.mask.png']);
  });
});

test('a mask is a prompt for the next one, in each form that is written', async () => {
  using folder = new TemporaryFolder();
  const args = ['segment', coffee, ...click, '--json', '--format', 'png,cutout,rle'];
  const first = linesOf((await runSamgpu(args, { cwd: folder.path })).stdout)[0]!.masks[0]!;
  const refined = await Promise.all(
    (['png', 'cutout', 'rle'] as const).map(async (format, i) => {
      const more = ['--mask', first.files[format]!, '--point', '230,150,-'];
      const outcome = await runSamgpu([...args, ...more, '--output', String(i)], {
        cwd: folder.path,
      });
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      return linesOf(outcome.stdout)[0]!.masks[0]!.rle;
    }),
  );
  // All three say the same pixels.
  expect(refined[1]).toEqual(refined[0]);
  expect(refined[2]).toEqual(refined[0]);
  expect(refined[0]).not.toEqual(first.rle);
});

test('pictures of one name do not write over each other', async () => {
  using folder = new TemporaryFolder();
  await mkdir(folder.at('left'));
  await mkdir(folder.at('right'));
  await copyFile(coffee, folder.at('left/cat.jpg'));
  await copyFile(coffee, folder.at('right/cat.jpg'));
  await sharp(coffee).png().toFile(folder.at('right/cup.png'));
  await copyFile(coffee, folder.at('right/cup.jpg'));
  const { code } = await runSamgpu(['segment', 'left', 'right', ...click], { cwd: folder.path });
  expect(code).toBe(0);
  expect(folder.list('samgpu-output')).toEqual([
    'cup.jpg.mask.png',
    'cup.png.mask.png',
    'left-cat.mask.png',
    'right-cat.mask.png',
  ]);
});

test('a picture is never written over', async () => {
  using folder = new TemporaryFolder();
  await copyFile(coffee, folder.at('cat.jpg'));
  await sharp(coffee).png().toFile(folder.at('cat.mask.png'));
  const before = await readFile(folder.at('cat.mask.png'));
  const { code, stderr } = await runSamgpu(
    ['segment', 'cat.jpg', 'cat.mask.png', ...click, '--output', '.'],
    { cwd: folder.path },
  );
  expect(code).toBe(1);
  expect(stderr).toContain('cat.mask.png is one of the pictures, which are never written over');
  expect(await readFile(folder.at('cat.mask.png'))).toEqual(before);
  expect(folder.list()).toEqual(['cat.jpg', 'cat.mask.mask.png', 'cat.mask.png']);
});
