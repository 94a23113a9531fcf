import { describe, expect, test } from 'vitest';

import { askGrounder } from './ask-grounder.ts';
import type { GroundedBox, Grounder } from './grounder.ts';
import { GrounderError } from './grounder-error.ts';

const picture = { width: 100, height: 50, channels: 3, data: new Uint8Array(15_000) } as const;

function answering(answer: unknown): Grounder {
  return { name: 'a grounder', ground: () => Promise.resolve(answer as GroundedBox[]) };
}

const box = (x: number, y: number, width: number, height: number, score: number = 0.5) => ({
  box: { x, y, width, height },
  score,
});

describe('what a grounder answers', () => {
  test('boxes are cut off at the borders, and dropped where nothing is left', async () => {
    const given = [
      box(-10, 40, 1000, 1000),
      box(100, 0, 5, 5),
      box(3, -9, 5, 9),
      box(5, 5, 0, 4),
      box(1.5, 2, 3, 4.25),
    ];
    expect(await askGrounder(answering(given), picture, 'a cat', {})).toEqual([
      { box: { x: 0, y: 40, width: 100, height: 10 }, score: 0.5, label: 'a cat' },
      { box: { x: 1.5, y: 2, width: 3, height: 4.25 }, score: 0.5, label: 'a cat' },
    ]);
  });

  test('labels are the words where there are none', async () => {
    const given = [
      { ...box(1, 1, 2, 2), label: ' cat ' },
      { ...box(1, 1, 2, 2), label: ' ' },
    ];
    const found = await askGrounder(answering(given), picture, 'cat. dog.', {});
    expect(found.map(({ label }) => label)).toEqual(['cat', 'cat. dog.']);
  });

  test('boxes below the least score are dropped, and none at all is an answer', async () => {
    const given = [box(1, 1, 2, 2, 0.3), box(1, 1, 2, 2, 0.29)];
    const found = await askGrounder(answering(given), picture, 'cat', { minScore: 0.3 });
    expect(found).toHaveLength(1);
    expect(await askGrounder(answering([]), picture, 'cat', {})).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['an object', { boxes: [] }],
    ['text', 'none'],
    ['a list of null', [null]],
    ['no place', [{ score: 1 }]],
    ['no score', [{ box: { x: 0, y: 0, width: 1, height: 1 } }]],
    ['NaN', [box(Number.NaN, 0, 1, 1)]],
    ['infinite sides', [box(0, 0, Infinity, 1)]],
    ['numbers as text', [box('0' as unknown as number, 0, 1, 1)]],
    ['negative sides', [box(10, 0, -5, 1)]],
    ['a score of percent', [box(0, 0, 1, 1, 97)]],
    ['a score of NaN', [box(0, 0, 1, 1, Number.NaN)]],
    ['a label of numbers', [{ ...box(0, 0, 1, 1), label: 3 }]],
  ])('%s is refused', async (_, answer) => {
    const asked = askGrounder(answering(answer), picture, 'cat', {});
    await expect(asked).rejects.toMatchObject({ name: 'GrounderError', code: 'invalid-answer' });
    await expect(asked).rejects.toThrow(/^a grounder: .*wanted/);
  });

  test('its own errors are told with its name; those of adapters stay as they are', async () => {
    const cause = new TypeError('out of cheese');
    const failing = (error: Error): Grounder => ({
      name: 'a grounder',
      ground: () => Promise.reject(error),
    });
    const failed = askGrounder(failing(cause), picture, 'cat', {});
    await expect(failed).rejects.toMatchObject({ code: 'failed', cause });
    await expect(failed).rejects.toThrow('a grounder: out of cheese');
    const own = new GrounderError('timeout', 'too slow');
    await expect(askGrounder(failing(own), picture, 'cat', {})).rejects.toBe(own);
    const sync: Grounder = {
      name: 'a grounder',
      ground() {
        throw cause;
      },
    };
    await expect(askGrounder(sync, picture, 'cat', {})).rejects.toMatchObject({ code: 'failed' });
  });

  test('an abort is not held up by one that does not heed it', async () => {
    const controller = new AbortController();
    const deaf: Grounder = { name: 'deaf', ground: () => new Promise(() => undefined) };
    const asked = askGrounder(deaf, picture, 'cat', { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await expect(askGrounder(deaf, picture, 'cat', controller)).rejects.toBe(reason);
  });
});
