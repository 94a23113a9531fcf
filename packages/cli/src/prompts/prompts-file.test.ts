import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import type { PromptSource } from './prompt-source.ts';
import { readPromptsFile } from './prompts-file.ts';

async function read(folder: TemporaryFolder, content: unknown): Promise<PromptSource> {
  const path = folder.at('prompts.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readPromptsFile(path);
}

const include = (x: number, y: number): object => ({ x, y, label: 'include' });

test('a list holds for every picture', async () => {
  using folder = new TemporaryFolder();
  const source = await read(folder, [
    { points: [[1, 2], { x: 3, y: 4, label: 'exclude' }, [5, 6, 0]] },
    { box: [1, 2, 3, 4], mask: 'mask.png' },
  ]);
  expect(source.objectsIn({ file: 'any.jpg', subfolder: '' })).toEqual([
    { points: [include(1, 2), { x: 3, y: 4, label: 'exclude' }, { x: 5, y: 6, label: 'exclude' }] },
    { points: [], box: { x: 1, y: 2, width: 3, height: 4 }, maskFile: folder.at('mask.png') },
  ]);
  expect(source.maskFiles).toEqual([folder.at('mask.png')]);
});

test('so does a single prompt', async () => {
  using folder = new TemporaryFolder();
  const source = await read(folder, { points: [{ x: 1, y: 2 }] });
  expect(source.objectsIn({ file: 'any.jpg', subfolder: '' })).toEqual([
    { points: [include(1, 2)] },
  ]);
});

test('pictures are found by path from here, by path from the file, and by name', async () => {
  using folder = new TemporaryFolder();
  const source = await read(folder, {
    './here/a.jpg': { points: [[1, 1]] },
    'below/b.jpg': { points: [[2, 2]] },
    'c.jpg': [{ points: [[3, 3]] }, { points: [[4, 4]] }],
  });
  const pointsIn = (file: string): unknown =>
    source.objectsIn({ file, subfolder: '' }).map(({ points }) => points[0]?.x);
  expect(pointsIn('here/a.jpg')).toEqual([1]);
  expect(pointsIn(folder.at('below/b.jpg'))).toEqual([2]);
  expect(pointsIn('anywhere/c.jpg')).toEqual([3, 4]);
  expect(() => pointsIn('d.jpg')).toThrow(/says nothing about d\.jpg; add "d\.jpg" to it/);
});

test.each([
  ['[', 'is no valid JSON'],
  ['3', 'is 3; wanted a list of prompts, or an object'],
  [{}, 'wanted a list of prompts, or an object'],
  [[], 'wanted at least one prompt'],
  [[{}], 'prompt 1 is {}; wanted an object with points, box or mask'],
  [[{ points: [] }], 'prompt 1 is {"points":[]}; wanted an object with points, box or mask'],
  [[{ points: [[1, 2]], boxes: [] }], 'prompt 1: a key is "boxes"; wanted points, box or mask'],
  [[{ points: [[1, 2]] }, { points: [[1]] }], 'prompt 2, points[0] is [1]; wanted a point as'],
  [[{ points: [[1, '2']] }], 'points[0] is [1,"2"]; wanted a point'],
  [[{ points: [[1, 2, 3]] }], 'points[0] is [1,2,3]; wanted a point'],
  [[{ points: [{ x: 1, y: 2, lable: 0 }] }], 'wanted a point'],
  ['[{ "points": [[1e999, 2]] }]', 'wanted a point'],
  [[{ points: 5 }], 'points is 5; wanted a list'],
  [[{ box: [1, 2, 3] }], 'box is [1,2,3]; wanted a box'],
  [[{ box: [1, 2, 0, 4] }], 'with a positive width and height'],
  [[{ mask: 1 }], 'mask is 1; wanted the path of a file'],
  [{ 'a.jpg': [{ box: 1 }] }, '"a.jpg": prompt 1, box is 1; wanted a box'],
])('%j is refused with its place', async (content, message) => {
  using folder = new TemporaryFolder();
  await expect(read(folder, content)).rejects.toThrow(message);
});

test('a file that is not there is named', async () => {
  await expect(readPromptsFile('missing.json')).rejects.toThrow(
    'The prompts file missing.json cannot be read (ENOENT).',
  );
});
