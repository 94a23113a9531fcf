import { describe, expect, test } from 'vitest';

import { parseFormats } from '../outputs/output-format.ts';
import { parseBox } from './box.ts';
import { parseNumber, parseWholeNumber } from './number.ts';
import { ObjectCollector } from './object-collector.ts';
import { parsePoint } from './point.ts';

describe('numbers', () => {
  test.each([
    ['0', 0],
    ['-3', -3],
    ['+1.5', 1.5],
    ['.5', 0.5],
    ['2.', 2],
    ['1e3', 1000],
    [' 7 ', 7],
  ])('%j is %d', (text, value) => expect(parseNumber(text)).toBe(value));

  test.each(['', ' ', 'NaN', 'Infinity', '-Infinity', '1e999', '0x10', '1,5', '1 2', 'one', '--1'])(
    '%j is none',
    (text) => expect(parseNumber(text)).toBeUndefined(),
  );

  test('whole numbers have a smallest one and no fraction', () => {
    expect(parseWholeNumber('4', 1)).toBe(4);
    for (const text of ['0', '-1', '1.5', '1e30']) {
      expect(parseWholeNumber(text, 1)).toBeUndefined();
    }
  });
});

describe('--point', () => {
  test.each([
    ['3,4', { x: 3, y: 4, label: 'include' }],
    ['3.5, 4', { x: 3.5, y: 4, label: 'include' }],
    ['3,4,1', { x: 3, y: 4, label: 'include' }],
    ['3,4,+', { x: 3, y: 4, label: 'include' }],
    ['3,4,include', { x: 3, y: 4, label: 'include' }],
    ['3,4,0', { x: 3, y: 4, label: 'exclude' }],
    ['3,4,-', { x: 3, y: 4, label: 'exclude' }],
    ['3,4,exclude', { x: 3, y: 4, label: 'exclude' }],
    // Outside of every picture, which is for the picture to say.
    ['-3,4', { x: -3, y: 4, label: 'include' }],
  ])('%s', (text, point) => expect(parsePoint(text)).toEqual(point));

  test.each(['', '3', '3,', ',4', '3,4,1,1', 'NaN,4', '3,Infinity', 'a,b', '3;4'])(
    'refuses %j',
    (text) => expect(() => parsePoint(text)).toThrow('Wanted x,y or x,y,label'),
  );

  test.each(['3,4,2', '3,4,yes', '3,4,', '3,4,toString'])('refuses the label of %j', (text) =>
    expect(() => parsePoint(text)).toThrow('0, - or exclude'),
  );
});

describe('--box', () => {
  test('takes a corner and a size', () => {
    expect(parseBox('1,2,3.5,4')).toEqual({ x: 1, y: 2, width: 3.5, height: 4 });
  });

  test.each(['', '1,2,3', '1,2,3,4,5', '1,2,NaN,4', '1,2,,4'])('refuses %j', (text) =>
    expect(() => parseBox(text)).toThrow('Wanted x,y,width,height'),
  );

  test.each(['1,2,0,4', '1,2,3,-4'])('refuses %j, which has no area', (text) =>
    expect(() => parseBox(text)).toThrow('The box has no area'),
  );
});

describe('--format', () => {
  test('takes lists and repetition, each format once', () => {
    expect(parseFormats('svg,png', parseFormats('png, rle'))).toEqual(['png', 'rle', 'svg']);
  });

  test('names the known formats', () => {
    expect(() => parseFormats('png,gif')).toThrow(
      'There is no format "gif"; wanted one or more of png, cutout, matte, overlay, coco, rle, svg.',
    );
  });
});

describe('--object', () => {
  const point = parsePoint('1,2');
  const box = parseBox('1,2,3,4');

  test('starts the next object', () => {
    const objects = new ObjectCollector();
    objects.addPoint(point);
    objects.setBox(box);
    objects.startNext();
    objects.setBox(box);
    objects.setMask('mask.png');
    expect(objects.finish()).toEqual([
      { points: [point], box },
      { points: [], box, maskFile: 'mask.png' },
    ]);
  });

  test('stands between two objects', () => {
    const objects = new ObjectCollector();
    objects.startNext();
    objects.addPoint(point);
    expect(() => objects.finish()).toThrow('Object 1 of 2 has no --point, --box or --mask');
  });

  test('is needed for a second box or mask', () => {
    const objects = new ObjectCollector();
    objects.setBox(box);
    objects.setMask('mask.png');
    expect(() => objects.setBox(box)).toThrow('--object');
    expect(() => objects.setMask('other.png')).toThrow('--object');
  });

  test('no prompt at all is no object', () => {
    expect(new ObjectCollector().finish()).toEqual([]);
  });
});
