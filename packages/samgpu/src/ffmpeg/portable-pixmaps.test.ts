import { expect, test } from 'vitest';

import { readPixmaps } from './portable-pixmaps.ts';

const text = (value: string): number[] => Array.from(value, (letter) => letter.charCodeAt(0));

async function* chunked(bytes: readonly number[], size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    yield Uint8Array.from(bytes.slice(start, start + size));
  }
}

// A pixel that looks like white space right behind the header, and pictures of different sizes.
const first = [...text('P6\n2 1\n255\n'), 10, 32, 13, 4, 5, 6];
const second = [...text('P6 1 3 255 '), 1, 2, 3, 4, 5, 6, 7, 8, 9];

async function all(bytes: readonly number[], size: number): Promise<unknown[]> {
  const pictures: unknown[] = [];
  for await (const { data, ...rest } of readPixmaps(chunked(bytes, size))) {
    pictures.push({ ...rest, data: [...data] });
  }
  return pictures;
}

test.each([1, 2, 7, 16, 100])('pictures come out of chunks of %i bytes', async (size) => {
  expect(await all([...first, ...second], size)).toEqual([
    { width: 2, height: 1, channels: 3, data: [10, 32, 13, 4, 5, 6] },
    { width: 1, height: 3, channels: 3, data: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
  ]);
});

test('nothing is no picture', async () => {
  expect(await all([], 1)).toEqual([]);
});

test.each([
  ['that ends early', first.slice(0, -1)],
  ['that ends in its header', first.slice(0, 5)],
  ['of another kind', [...text('P5\n2 1\n255\n'), 1, 2]],
])('a picture %s is refused', async (_, bytes) => {
  await expect(all(bytes, 4)).rejects.toThrow(RangeError);
});
