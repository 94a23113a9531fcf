import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import type { DescribedPrompt } from '../arguments/track-prompt-collector.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import { readTrackPrompts } from './track-prompts-file.ts';

async function read(
  folder: TemporaryFolder,
  content: unknown,
): Promise<readonly DescribedPrompt[]> {
  const path = folder.at('prompts.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readTrackPrompts(path);
}

test('a list of prompts says frames and objects, the first ones where it does not', async () => {
  using folder = new TemporaryFolder();
  const prompts = await read(folder, [
    { points: [[1, 2]] },
    { frame: 7, object: 2, box: [1, 2, 3, 4], points: [[5, 6, 0]] },
    { object: 2, mask: 'masks/a.png' },
  ]);
  expect(prompts).toEqual([
    { frame: 0, object: 1, points: [{ x: 1, y: 2, label: 'include' }] },
    {
      frame: 7,
      object: 2,
      points: [{ x: 5, y: 6, label: 'exclude' }],
      box: { x: 1, y: 2, width: 3, height: 4 },
    },
    { frame: 0, object: 2, points: [], maskFile: folder.at('masks/a.png') },
  ]);
});

test('a single prompt needs no list', async () => {
  using folder = new TemporaryFolder();
  expect(await read(folder, { frame: 3, box: [1, 2, 3, 4] })).toHaveLength(1);
});

test.each([
  ['[', 'is no valid JSON'],
  ['3', 'prompt 1 is 3; wanted an object with frame, object, and points, box or mask'],
  [[], 'prompts.json is []; wanted at least one prompt'],
  [[{ frame: 2 }], 'prompt 1 is {}; wanted an object with points, box or mask'],
  [[{ frame: -1, points: [[1, 2]] }], 'frame is -1; wanted a whole number from 0 on'],
  [[{ frame: 1.5, points: [[1, 2]] }], 'frame is 1.5; wanted a whole number from 0 on'],
  [[{ frame: '1', points: [[1, 2]] }], 'frame is "1"; wanted a whole number'],
  [[{ object: 0, points: [[1, 2]] }], 'object is 0; wanted a whole number from 1 on'],
  [[{ points: [[1]] }], 'prompt 1, points[0] is [1]; wanted a point'],
  [[{ points: [[1, 2]], frames: 3 }], 'a key is "frames"; wanted points, box or mask'],
  [[{ mask: 'a.png', points: [[1, 2]] }], 'prompt 1 has a mask, and points or a box as well'],
  [
    [{ points: [[1, 2]] }, { box: [1, 1, 2, 2], object: 1 }],
    'prompt 2 is the second one of object 1 on frame 0, after prompt 1',
  ],
])('%j is refused with its place', async (content, message) => {
  using folder = new TemporaryFolder();
  await expect(read(folder, content)).rejects.toThrow(message);
});
