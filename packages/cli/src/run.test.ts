// What the command says about itself, as a whole process.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';

import type { Diagnosis } from './doctor/diagnosis.ts';
import { coffee, runSamgpu } from './fixtures/run-samgpu.ts';
import { TemporaryFolder } from './fixtures/temporary-folder.ts';
import type { ModelDescription } from './models/describe-model.ts';
import { modelNames } from './models/registry.ts';
import { packageVersion } from './package-version.ts';

test('--version', async () => {
  expect(await runSamgpu(['--version'])).toEqual({
    code: 0,
    stdout: `${packageVersion()}\n`,
    stderr: '',
  });
});

test('--help has examples and exit codes, and no colours in a pipe', async () => {
  const { code, stdout, stderr } = await runSamgpu(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const text of ['segment', 'models', 'doctor', 'tune', 'Examples:', 'Exit codes: 0']) {
    expect(stdout).toContain(text);
  }
  expect(stdout).not.toContain('\u{1b}');
  const { stdout: ofSegment } = await runSamgpu(['segment', '--help']);
  expect(ofSegment).toContain('samgpu segment cat.jpg --point 320,240');
  expect(ofSegment).toContain('Exit codes: 0');
});

test('no command at all is a usage error', async () => {
  const { code, stdout, stderr } = await runSamgpu([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: samgpu');
});

test('models', async () => {
  const { code, stdout } = await runSamgpu(['models']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^name +weights +there +input +licence +takes/);
  expect(stdout).toMatch(
    /\nnano +\d+\.\d MB +with samgpu +384 px +Apache-2\.0 +points, exclude points, boxes, masks/,
  );
  const models = JSON.parse((await runSamgpu(['models', '--json'])).stdout) as ModelDescription[];
  expect(models.map(({ name }) => name)).toEqual(modelNames);
  expect(modelNames).toContain('sam-vit-b');
});

test('doctor says what runs here, and why', async () => {
  const { code, stdout } = await runSamgpu(['doctor', '--json']);
  expect(code).toBe(0);
  const diagnosis = JSON.parse(stdout) as Diagnosis;
  expect(diagnosis).toMatchObject({
    samgpu: packageVersion(),
    chosen: { kind: 'onnx', model: 'nano', reason: expect.any(String) },
    cache: { folder: expect.any(String), bytes: expect.any(Number) },
  });
  expect(diagnosis.images.formats).toContain('jpeg');
  expect(diagnosis.backends.map(({ name }) => name)).toEqual([
    'webgpu',
    'onnxruntime-node',
    'onnxruntime-web',
  ]);
  const web = diagnosis.backends.find(({ name }) => name === 'onnxruntime-web');
  expect(web).toMatchObject({ available: true, detail: expect.stringMatching(/^\d+\.\d+\.\d+/) });

  const ffmpeg = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' });
  const version = /^ffmpeg version (\S+)/.exec(ffmpeg.stdout ?? '')?.[1] ?? null;
  expect(diagnosis.videos.ffmpeg).toBe(version);

  const { stdout: text } = await runSamgpu(['doctor']);
  expect(text).toContain(diagnosis.webgpu.note);
  expect(text).not.toContain('\u{1b}');
  expect(text).toContain(`ffmpeg   ${version ?? 'not on PATH'}`);
});

test('doctor says that FFmpeg is missing, and how to get it', async () => {
  using folder = new TemporaryFolder();
  const environment = { PATH: folder.path };
  const { code, stdout } = await runSamgpu(['doctor'], { environment });
  expect(code).toBe(0);
  expect(stdout).toMatch(/ffmpeg +not on PATH: video files need it.*apt-get install ffmpeg/);
});

test('start segments the spoon of the sample picture', async () => {
  using folder = new TemporaryFolder();
  const { code, stdout, stderr } = await runSamgpu(['start'], { cwd: folder.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const text of ['coffee.jpg, 600 x 400', 'onnxruntime', 'because', 'encode', 'Try next:']) {
    expect(stdout).toContain(text);
  }
  expect(folder.list('samgpu-output')).toEqual([
    'coffee.cutout.png',
    'coffee.mask.png',
    'coffee.overlay.png',
  ]);
  const mask = await sharp(folder.at('samgpu-output/coffee.mask.png'))
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  // Of an ellipse drawn by hand around the spoon, most is found, and little else.
  let [both, either] = [0, 0];
  for (const [i, level] of mask.entries()) {
    const [x, y] = [(i % 600) + 0.5, Math.floor(i / 600) + 0.5];
    const isSpoon = ((x - 366) / 40) ** 2 + ((y - 283) / 43) ** 2 <= 1;
    const isFound = level === 255;
    if (isSpoon && isFound) both += 1;
    if (isSpoon || isFound) either += 1;
  }
  // nano reaches 0.8 here; a mask that someone would call wrong is far below this.
  expect(both / either).toBeGreaterThan(0.7);
});

test('start takes a picture of your own', async () => {
  using folder = new TemporaryFolder();
  mkdirSync(folder.at('photos'));
  await copyFile(coffee, folder.at('photos/my.jpg'));
  const { code, stdout } = await runSamgpu(
    ['start', 'photos/my.jpg', '--box', '326,240,80,86', '--format', 'png', '--output', 'masks'],
    { cwd: folder.path },
  );
  expect(code).toBe(0);
  expect(stdout).toContain('a box 80 x 86 at 326,240');
  expect(folder.list('masks')).toEqual(['my.mask.png']);
});
