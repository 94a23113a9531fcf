import { expect, test } from 'vitest';

import { nameOutputs } from './name-outputs.ts';

const stemsOf = (...files: string[]): string[] =>
  nameOutputs(files.map((file) => ({ file, subfolder: '' }))).map(({ stem }) => stem);

test('names are those of the files where they differ', () => {
  expect(stemsOf('a/cat.jpg', 'b/dog.png', 'photo')).toEqual(['cat', 'dog', 'photo']);
});

test('the extension tells files of one name apart', () => {
  expect(stemsOf('cat.jpg', 'b/cat.png', 'dog.jpg')).toEqual(['cat.jpg', 'cat.png', 'dog']);
});

test('then the folder does', () => {
  expect(stemsOf('a/cat.jpg', 'b/cat.jpg')).toEqual(['a-cat', 'b-cat']);
  expect(stemsOf('a/cat.jpg', 'b/cat.jpg', 'b/cat.png')).toEqual([
    'a-cat.jpg',
    'b-cat.jpg',
    'b-cat.png',
  ]);
});

test('then a number does', () => {
  expect(stemsOf('x/a/cat.jpg', 'y/a/cat.jpg')).toEqual(['cat.jpg-1', 'cat.jpg-2']);
});

test('names that differ in case only are not told apart by every file system', () => {
  expect(stemsOf('a/Cat.jpg', 'b/cat.jpg')).toEqual(['a-Cat', 'b-cat']);
});

test('the second mask of one picture is not called as the first of another', () => {
  expect(stemsOf('cat.jpg', 'cat.2.jpg')).toEqual(['cat.jpg', 'cat.2.jpg']);
  expect(stemsOf('frame.1.jpg', 'frame.2.jpg')).toEqual(['frame.1', 'frame.2']);
});

test('a name made up for one picture may be that of another', () => {
  expect(stemsOf('a/cat.jpg', 'a/cat.png', 'cat.jpg.webp')).toEqual([
    'a-cat.jpg',
    'a-cat.png',
    'cat.jpg',
  ]);
});

test('folders that are searched recursively keep their structure', () => {
  const pictures = [
    { file: 'in/cat.jpg', subfolder: '' },
    { file: 'in/left/cat.jpg', subfolder: 'left' },
    { file: 'in/right/cat.jpg', subfolder: 'right' },
  ];
  expect(nameOutputs(pictures).map(({ stem }) => stem)).toEqual(['cat', 'left/cat', 'right/cat']);
});
