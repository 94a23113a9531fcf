import { readmeExample } from '@samgpu/testing';
import { expect, test } from 'vitest';

// #region example
import {
  composeDocument,
  encodePng,
  openDocument,
  type PictureDocument,
  scaleDocument,
  writePsd,
} from '@samgpu/document';
import { Mask, rasterizePolygons } from '@samgpu/mask';

const [width, height] = [32, 24];
const square = rasterizePolygons([{ outer: ring(8, 6, 12), holes: [] }], width, height);
const document: PictureDocument = {
  name: 'photo',
  image: { width, height, data: new Uint8ClampedArray(width * height * 4).fill(200) },
  objects: [
    { id: '1', name: 'Cup', color: [230, 60, 40], visible: true, mask: Mask.fromBitmap(square) },
  ],
  background: { kind: 'blur', radius: 3 },
};

const psd = await writePsd(document); // a Blob: the picture, and a layer with a mask per object
const opened = await openDocument(psd); // by its content, whatever it is called
const shown = await composeDocument(document); // at full size, row by row
const preview = await composeDocument(scaleDocument(document, 16)); // the same, small
const png = await encodePng(shown);
// #endregion

function ring(x: number, y: number, side: number): [number, number][] {
  return [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
  ];
}

test('the example of the README runs', () => {
  expect(opened).toMatchObject({ kind: 'picture', format: 'psd' });
  if (opened.kind !== 'picture') return;
  expect(opened.objects.map(({ name, mask }) => [name, mask.area])).toEqual([['Cup', 144]]);
  expect([shown.width, shown.height, preview.width, preview.height]).toEqual([32, 24, 16, 12]);
  expect(png.type).toBe('image/png');
});

test('the example stands in the README as it runs here', () => {
  const { shown, run } = readmeExample(import.meta.url);
  expect(shown).toBe(run);
});
