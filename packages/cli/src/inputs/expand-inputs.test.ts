import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import { expandInputs } from './expand-inputs.ts';

function makeFiles(folder: TemporaryFolder, ...names: string[]): void {
  for (const name of names) writeFileSync(folder.at(name), '');
}

test('a folder stands for its pictures, sorted, and not for what lies below it', async () => {
  using folder = new TemporaryFolder();
  mkdirSync(folder.at('below'));
  makeFiles(folder, 'b10.jpg', 'b9.JPG', 'a.webp', 'notes.txt', '.hidden.png', 'below/c.png');
  const options = { recursive: false, outputFolder: folder.at('out') };
  const { pictures, failed } = await expandInputs([folder.path], options);
  expect(pictures.map(({ file }) => file)).toEqual(
    ['a.webp', 'b9.JPG', 'b10.jpg'].map((name) => folder.at(name)),
  );
  expect(failed).toEqual([]);
});

test('recursively, but not into what was written', async () => {
  using folder = new TemporaryFolder();
  mkdirSync(folder.at('below/out'), { recursive: true });
  makeFiles(folder, 'a.jpg', 'below/b.jpg', 'below/out/b.mask.png');
  const options = { recursive: true, outputFolder: folder.at('below/out') };
  const { pictures } = await expandInputs([folder.path], options);
  expect(pictures).toEqual([
    { file: folder.at('a.jpg'), subfolder: '' },
    { file: folder.at('below/b.jpg'), subfolder: 'below' },
  ]);
});

test('what was written beside the pictures is not read back', async () => {
  using folder = new TemporaryFolder();
  makeFiles(folder, 'a.jpg', 'a.mask.png', 'a.2.overlay.png');
  const options = { recursive: false, outputFolder: folder.path };
  const { pictures } = await expandInputs([folder.path], options);
  expect(pictures.map(({ file }) => file)).toEqual([folder.at('a.jpg')]);
});

test('a file is taken once, however often and under whichever name it is given', async () => {
  using folder = new TemporaryFolder();
  makeFiles(folder, 'a.jpg');
  symlinkSync(folder.at('a.jpg'), folder.at('link.jpg'));
  const inputs = [folder.at('a.jpg'), folder.path, folder.at('./a.jpg')];
  const { pictures } = await expandInputs(inputs, { recursive: false, outputFolder: 'out' });
  expect(pictures.map(({ file }) => file)).toEqual([folder.at('a.jpg')]);
});

test('a folder without pictures fails, the others do not', async () => {
  using folder = new TemporaryFolder();
  makeFiles(folder, 'notes.txt');
  const inputs = [folder.path, 'missing.jpg'];
  const { pictures, failed } = await expandInputs(inputs, { recursive: false, outputFolder: 'o' });
  expect(pictures.map(({ file }) => file)).toEqual(['missing.jpg']);
  expect(failed).toMatchObject([
    { file: folder.path, error: { name: 'InputError', code: 'no-pictures' } },
  ]);
});
