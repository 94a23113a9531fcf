// What is left when the process ends in the middle, and when nobody reads what it says.

import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';

import { coffee, outcomeOf, startSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';

/** Pictures whose overlays take long enough to write to be caught at it. */
async function makeLargePictures(folder: TemporaryFolder): Promise<void> {
  mkdirSync(folder.at('in'));
  await sharp(coffee).resize(4500, 3000).jpeg().toFile(folder.at('in/1.jpg'));
  for (const name of ['2.jpg', '3.jpg', '4.jpg']) {
    await copyFile(folder.at('in/1.jpg'), folder.at('in', name));
  }
}

function listOutput(folder: TemporaryFolder): string[] {
  try {
    return folder.list('out');
  } catch {
    return [];
  }
}

test.each([
  { signal: 'SIGINT', code: 130 },
  { signal: 'SIGTERM', code: 143 },
  { signal: 'SIGKILL', code: null },
] as const)('$signal leaves no half file', async ({ signal, code }) => {
  using folder = new TemporaryFolder();
  await makeLargePictures(folder);
  const child = startSamgpu(
    ['segment', 'in', '--point', '2200,1000', '--format', 'png,overlay', '--output', 'out'],
    { cwd: folder.path },
  );
  const ending = outcomeOf(child);
  while (!listOutput(folder).includes('1.mask.png') && child.exitCode === null) await delay(5);
  await delay(100); // Into the overlay, which takes about a second.
  child.kill(signal);
  expect((await ending).code).toBe(code);

  const files = listOutput(folder);
  // A killed process cannot tidy up; what it leaves is hidden.
  const visible = files.filter((name) => !name.startsWith('.'));
  expect(files.length - visible.length).toBe(signal === 'SIGKILL' ? 1 : 0);
  expect(visible).toContain('1.mask.png');
  expect(visible).not.toContain('4.overlay.png');
  for (const name of visible) {
    const { info } = await sharp(folder.at('out', name))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 4500, height: 3000 });
  }
});

test('ends quietly when its output is not read to the end', async () => {
  using folder = new TemporaryFolder();
  mkdirSync(folder.at('in'));
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await copyFile(coffee, folder.at('in', name));
  const child = startSamgpu(['segment', 'in', '--point', '290,135', '--json'], {
    cwd: folder.path,
  });
  const ending = outcomeOf(child);
  await once(child.stdout!, 'data');
  child.stdout!.destroy();
  const { stderr } = await ending;
  expect(stderr).not.toMatch(/EPIPE|at /);
  const hidden = folder.list('samgpu-output').filter((name) => name.startsWith('.'));
  expect(hidden).toEqual([]);
});
