// Pictures and folders that cannot be used, as a whole process.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';

import { coffee, coffeePoint, runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import { isFailure, type PictureOutcome } from './picture-result.ts';

const click = ['--point', coffeePoint];

test('bad pictures are reported and the others segmented', async () => {
  using folder = new TemporaryFolder();
  mkdirSync(folder.at('in'));
  mkdirSync(folder.at('none'));
  writeFileSync(folder.at('in/1-empty.jpg'), '');
  writeFileSync(folder.at('in/2-text.png'), 'this is no picture');
  writeFileSync(folder.at('in/3-truncated.jpg'), readFileSync(coffee).subarray(0, 20_000));
  copyFileSync(coffee, folder.at('in/4-good.jpg'));
  const size = { width: 8000, height: 8000 };
  await sharp({ create: { ...size, channels: 3, background: 'white' } })
    .png()
    .toFile(folder.at('in/5-bomb.png'));
  await sharp(coffee).resize(100, 100).toFile(folder.at('in/6-small.jpg'));

  const { code, stdout, stderr } = await runSamgpu(
    ['segment', 'in', 'missing.jpg', 'none', ...click, '--json', '--max-pixels', '50000000'],
    { cwd: folder.path },
  );
  expect(code).toBe(1);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PictureOutcome);
  const result = lines.map((line) => [
    line.file.replaceAll('\\', '/'),
    isFailure(line) ? `${line.error.name} ${line.error.code}` : 'segmented',
  ]);
  expect(result).toEqual([
    ['none', 'InputError no-pictures'],
    ['in/1-empty.jpg', 'ImageError empty'],
    ['in/2-text.png', 'ImageError unsupported-format'],
    ['in/3-truncated.jpg', 'ImageError corrupt'],
    ['in/4-good.jpg', 'segmented'],
    ['in/5-bomb.png', 'ImageError too-large'],
    ['in/6-small.jpg', 'PromptError outside-image'],
    ['missing.jpg', 'ImageError not-found'],
  ]);
  for (const { error } of lines.filter(isFailure)) expect(stderr).toContain(error.message);
  expect(stderr).toContain('raise the limit with --max-pixels');
  expect(stderr).toMatch(/1 picture segmented, 7 failed, in .*\n$/);
  expect(folder.list('samgpu-output')).toEqual(['4-good.mask.png']);
});

test('a failing picture is told on stderr, and nothing on stdout', async () => {
  using folder = new TemporaryFolder();
  const outcome = await runSamgpu(['segment', 'missing.jpg', ...click], { cwd: folder.path });
  expect(outcome).toEqual({
    code: 1,
    stdout: '',
    stderr: 'failed missing.jpg: There is no file missing.jpg.\n',
  });
});

// Only on Linux can a GPU be hidden, by naming a driver that does not exist. Vulkan's loader may
// complain on stderr before we do.
const withoutGpu = { VK_DRIVER_FILES: '/none.json', VK_ICD_FILENAMES: '/none.json' };
const noGpu = { backend: 'webgpu', message: /^error: no WebGPU: /m };

test.each([
  ...(process.platform === 'linux' ? [noGpu] : []),
  { backend: 'auto', message: /cannot be written to \(ENOTDIR: a file is in the way\)/ },
])('nothing is done where $backend cannot start', async ({ backend, message }) => {
  using folder = new TemporaryFolder();
  writeFileSync(folder.at('file'), '');
  const output = backend === 'auto' ? 'file/out' : 'out';
  const { code, stdout, stderr } = await runSamgpu(
    ['segment', coffee, ...click, '--backend', backend, '--output', output],
    { cwd: folder.path, environment: withoutGpu },
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

test.skipIf(process.platform !== 'linux')('tuning wants a GPU', async () => {
  const { code, stdout, stderr } = await runSamgpu(['tune'], { environment: withoutGpu });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(noGpu.message);
});

test.each([
  { mask: 'missing.png', code: 2, message: 'The mask missing.png cannot be read (ENOENT).' },
  { mask: 'small.png', code: 1, message: 'is 60 x 40, its picture 600 x 400' },
  { mask: 'bad.rle.json', code: 1, message: 'is no run-length file' },
  { mask: 'text.png', code: 1, message: 'text that begins with' },
])('a mask that cannot be used: $mask', async ({ mask, code, message }) => {
  using folder = new TemporaryFolder();
  await sharp(coffee).resize(60, 40).png().toFile(folder.at('small.png'));
  writeFileSync(folder.at('bad.rle.json'), '{"size": 3}');
  writeFileSync(folder.at('text.png'), 'text');
  const outcome = await runSamgpu(['segment', coffee, '--mask', mask], { cwd: folder.path });
  expect(outcome.code).toBe(code);
  expect(outcome.stderr).toContain(message);
});

test('one mask cannot be that of several pictures', async () => {
  using folder = new TemporaryFolder();
  copyFileSync(coffee, folder.at('a.jpg'));
  copyFileSync(coffee, folder.at('b.jpg'));
  const { code, stderr } = await runSamgpu(['segment', '.', '--mask', 'a.jpg'], {
    cwd: folder.path,
  });
  expect(code).toBe(2);
  expect(stderr).toContain('--mask a.jpg belongs to one picture, but there are 2');
});

test('a picture of which one object cannot be segmented is not written in part', async () => {
  using folder = new TemporaryFolder();
  const { code, stderr } = await runSamgpu(
    ['segment', coffee, ...click, '--object', '--box', '700,10,20,20'],
    { cwd: folder.path },
  );
  expect(code).toBe(1);
  expect(stderr).toContain('is outside the 600x400 image');
  expect(folder.list('samgpu-output')).toEqual([]);
});
