// The whole command as a process, with a real detector of plain colours behind HTTP.

import { readFileSync } from 'node:fs';

import type { CocoFile } from '@samgpu/document';
import { type GrounderServer, serveColorGrounder } from '@samgpu/testing';
import { fromCompressedRle, rleArea, rleBounds } from 'samgpu';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import type { TextResult } from './text-result.ts';

const RED = { left: 30, top: 30, width: 100, height: 90 };
const BLUE = { left: 200, top: 100, width: 80, height: 70 };

let grounder: GrounderServer;
beforeAll(async () => {
  grounder = await serveColorGrounder();
});
afterAll(() => grounder.close());

/** Grey with a red and a blue rectangle. */
async function writeScene(path: string): Promise<void> {
  const block = ({ width, height }: typeof RED, background: string) =>
    sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer();
  await sharp({ create: { width: 320, height: 220, channels: 3, background: '#808080' } })
    .composite([
      { input: await block(RED, '#cd2d2d'), ...RED },
      { input: await block(BLUE, '#2d46cd'), ...BLUE },
    ])
    .png()
    .toFile(path);
}

test('finds what words name, and writes it as other commands do', async () => {
  using folder = new TemporaryFolder();
  await writeScene(folder.at('scene.png'));
  const words = 'red box, blue box';
  const args = ['text', 'scene.png', words, '--grounder', grounder.url, '--json'];
  const formats = ['--format', 'overlay,coco,png', '--min-score', '0.5', '--max-objects', '5'];
  const { code, stdout, stderr } = await runSamgpu([...args, ...formats], {
    cwd: folder.path,
    environment: { SAMGPU_GROUNDER_TOKEN: 'secret' },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(grounder.asked.at(-1)).toMatchObject({
    words,
    width: 320,
    minScore: 0.5,
    authorization: 'Bearer secret',
  });
  expect(folder.list('samgpu-output')).toEqual([
    'scene.2.mask.png',
    'scene.coco.json',
    'scene.mask.png',
    'scene.overlay.png',
  ]);
  const line = JSON.parse(stdout) as TextResult;
  expect(line).toMatchObject({ file: 'scene.png', words, width: 320, height: 220, model: 'nano' });
  expect(line.masks.map(({ label, box, boxScore }) => ({ label, box, boxScore }))).toEqual(
    (['red box', 'blue box'] as const).map((label, i) => {
      const { left, top, width, height } = [RED, BLUE][i]!;
      return { label, box: { x: left, y: top, width, height }, boxScore: 1 };
    }),
  );
  for (const { rle, area, bounds, box } of line.masks) {
    const whole = fromCompressedRle(rle);
    expect({ area, bounds }).toEqual({ area: rleArea(whole), bounds: rleBounds(whole) });
    // nano draws the edges of plain rectangles within a few pixels.
    expect(area / (box.width * box.height)).toBeGreaterThan(0.85);
    expect(area / (box.width * box.height)).toBeLessThan(1.15);
  }
  const coco = JSON.parse(readFileSync(folder.at(line.files.coco!), 'utf8')) as CocoFile;
  expect(coco.categories.map(({ name }) => name)).toEqual(['red box', 'blue box']);
  expect(coco.annotations.map(({ category_id, area }) => [category_id, area])).toEqual([
    [coco.categories[0]!.id, line.masks[0]!.area],
    [coco.categories[1]!.id, line.masks[1]!.area],
  ]);
});

test('says for people what was found, and what to do where nothing was', async () => {
  using folder = new TemporaryFolder();
  await writeScene(folder.at('scene.png'));
  const environment = { SAMGPU_GROUNDER: grounder.url };
  const run = (words: string) =>
    runSamgpu(['text', 'scene.png', words], { cwd: folder.path, environment });
  expect((await run('red, blue')).stdout).toContain('scene.png: 2 objects: red, blue -> ');
  const { code, stdout } = await run('green');
  expect(code).toBe(0);
  expect(stdout).toContain('0 objects');
  expect(stdout).toContain('found nothing for "green"; lower --min-score');
});

test('a detector that is not there, and an address that is none', async () => {
  using folder = new TemporaryFolder();
  await writeScene(folder.at('scene.png'));
  const run = (address: string) =>
    runSamgpu(['text', 'scene.png', 'red', '--grounder', address], { cwd: folder.path });
  const gone = await run('http://127.0.0.1:9/');
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain('cannot be reached');
  expect(folder.list('samgpu-output')).toEqual([]);
  const none = await run('127.0.0.1:9000');
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('wanted http:// or https://');
});
