/** ag-psd, which is not ours, reads what we write; and writes what we read. */
import {
  initializeCanvas,
  readPsd as readByAgPsd,
  type Layer,
  type Psd,
  writePsdUint8Array,
} from 'ag-psd';
import { describe, expect, test } from 'vitest';

import { composeDocument } from '../background/compose-document.ts';
import { growBox } from '../boxes.ts';
import { maskWhere, sampleDocument, samplePicture } from '../fixtures/sample-document.ts';
import { ObjectPixels } from '../object-pixels.ts';
import type { PictureDocument } from '../picture-document.ts';
import { readPsd } from './read-psd.ts';
import { writePsd } from './write-psd.ts';

initializeCanvas(
  () => {
    throw new Error('no canvas here');
  },
  (width, height) =>
    ({ width, height, data: new Uint8ClampedArray(width * height * 4) }) as ImageData,
);

async function bytesOf(document: PictureDocument): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await writePsd(document)).arrayBuffer());
}

async function layersOf(document: PictureDocument): Promise<Psd> {
  return readByAgPsd(await bytesOf(document), {
    useImageData: true,
    throwForMissingFeatures: true,
  });
}

describe('what we write', () => {
  const document = sampleDocument();

  test('layers with names, visibility, opacity and labels, from the bottom to the top', async () => {
    const { width, height, children, imageResources } = await layersOf(document);
    expect([width, height]).toEqual([61, 47]);
    expect(
      children!.map(({ name, hidden, opacity, layerColor }) => [name, hidden, opacity, layerColor]),
    ).toEqual([
      ['Background', false, 1, 'none'],
      ['Ring 1', false, 1, 'red'],
      ['Soft <disc> & "more"', false, 128 / 255, 'blue'],
      ['Größe 猫 🐈', true, 1, 'green'],
    ]);
    expect(imageResources?.resolutionInfo?.horizontalResolution).toBe(72);
  });

  test('a mask per object, over pixels that reach beyond it', async () => {
    const { children } = await layersOf(document);
    for (const [i, object] of document.objects.entries()) {
      const { left, top, right, bottom, mask, imageData } = children![i + 1]!;
      const pixels = new ObjectPixels(document.image, object);
      const { x, y, width, height } = pixels.box;
      expect([mask!.left, mask!.top, mask!.right, mask!.bottom]).toEqual([
        x,
        y,
        x + width,
        y + height,
      ]);
      expect(mask!.defaultColor).toBe(0);
      expect([...mask!.imageData!.data].filter((_, i) => i % 4 === 0)).toEqual([...pixels.alpha]);
      const box = { x: left!, y: top!, width: right! - left!, height: bottom! - top! };
      expect([...imageData!.data]).toEqual([...pixels.colorsIn(box)]);
      // A tenth of the longer side, and no less than 16 pixels, as far as there are any.
      expect(box).toEqual(growBox(pixels.box, 16, document.image));
    }
  });

  test('the picture, and what programs show that read no layers', async () => {
    const { children, imageData } = await layersOf(document);
    expect([...children![0]!.imageData!.data]).toEqual([...document.image.data]);
    expect([...imageData!.data]).toEqual([...document.image.data]);
    const background = { kind: 'color', color: [9, 99, 200] } as const;
    const replaced = await layersOf({ ...document, background });
    expect(replaced.children!.map(({ name, hidden }) => [name, hidden]).slice(0, 2)).toEqual([
      ['Picture', true],
      ['New background', false],
    ]);
    const shown = await composeDocument({ ...document, background });
    expect([...replaced.imageData!.data]).toEqual([...shown.data]);
  });

  test('transparency, over white for programs that do not know it', async () => {
    const background = { kind: 'transparent' } as const;
    const { imageData, channels } = await layersOf({ ...document, background });
    const shown = await composeDocument({ ...document, background });
    expect(channels).toBe(4);
    for (let at = 0; at < shown.data.length; at += 4) {
      const alpha = shown.data[at + 3]!;
      expect(imageData!.data[at + 3]).toBe(alpha);
      const matted = [0, 1, 2].map((i) =>
        Math.round((shown.data[at + i]! * alpha + 255 * (255 - alpha)) / 255),
      );
      // ag-psd takes the white out of it again where it can.
      const back = [0, 1, 2].map((i) => imageData!.data[at + i]!);
      const isTaken = alpha > 0 && alpha < 255;
      const wanted = isTaken ? [0, 1, 2].map((i) => shown.data[at + i]!) : matted;
      // Of a low alpha little of the colour is left in eight bits.
      const tolerance = isTaken ? 1 + 255 / alpha : 0;
      for (const [i, value] of back.entries()) {
        expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(tolerance);
      }
    }
  });

  test('an object of no pixels, and one that is everything', async () => {
    const { image } = document;
    const none = { ...document.objects[0]!, id: 'none', mask: maskWhere(61, 47, () => false) };
    const all = { ...document.objects[0]!, id: 'all', mask: maskWhere(61, 47, () => true) };
    const { children } = await layersOf({ name: 'edges', image, objects: [none, all] });
    expect(children).toHaveLength(3);
    expect(children![2]!.mask!.imageData!.data.every((value) => value === 255)).toBe(true);
    const { objects } = await readPsd(
      await bytesOf({ name: 'edges', image, objects: [none, all] }),
    );
    expect(objects.map(({ mask }) => mask.area)).toEqual([61 * 47]);
  });

  test.each([
    [30_001, 2],
    [3, 30_001],
  ])('a picture of %i x %i becomes a large document', async (width, height) => {
    const image = samplePicture(width, height);
    const mask = maskWhere(width, height, (x, y) => x + y > 20 && x + y < 29_000);
    const object = { ...sampleDocument().objects[0]!, mask };
    const bytes = await bytesOf({ name: 'large', image, objects: [object] });
    expect(bytes[5]).toBe(2);
    const { children } = readByAgPsd(bytes, { useImageData: true });
    expect(children!.map(({ name }) => name)).toEqual(['Background', 'Ring 1']);
    const read = await readPsd(bytes);
    expect(Buffer.from(read.image.data.buffer).equals(Buffer.from(image.data.buffer))).toBe(true);
    expect(read.objects[0]!.mask.toRle()).toEqual(mask.toRle());
  });
});

describe('what others write', () => {
  const [width, height] = [24, 18];
  const picture = samplePicture(width, height);
  const bottom: Layer = { name: 'Photo', imageData: picture };
  const square = (w: number, h: number, value: number): Layer['imageData'] => ({
    width: w,
    height: h,
    data: new Uint8ClampedArray(w * h * 4).fill(value),
  });
  const opaque = (w: number, h: number): Layer['imageData'] => {
    const pixels = square(w, h, 90)!;
    for (let at = 3; at < pixels.data.length; at += 4) pixels.data[at] = 255;
    return pixels;
  };
  const read = async (layers: Layer[], compress = false): ReturnType<typeof readPsd> => {
    const psd: Psd = { width, height, imageData: picture, children: layers };
    return readPsd(new Uint8Array(writePsdUint8Array(psd, { compress })));
  };
  const areaOf = async (
    layers: Layer[],
  ): Promise<readonly (readonly [string, number, boolean])[]> =>
    (await read(layers)).objects.map(({ name, mask, visible }) => [name, mask.area, visible]);

  test.each([false, true])('pixels, compressed by zip: %s', async (compress) => {
    const { image, objects } = await read(
      [bottom, { name: 'Cut', left: 3, top: 2, imageData: opaque(5, 4)! }],
      compress,
    );
    expect([...image.data]).toEqual([...picture.data]);
    expect(objects.map(({ name, mask }) => [name, mask.bounds])).toEqual([
      ['Cut', { x: 3, y: 2, width: 5, height: 4 }],
    ]);
  });

  test('layers that reach beyond the picture', async () => {
    expect(
      await areaOf([bottom, { name: 'Over', left: -3, top: -2, imageData: opaque(9, 7)! }]),
    ).toEqual([['Over', 6 * 5, true]]);
    expect(
      await areaOf([bottom, { name: 'Beside', left: 40, top: 0, imageData: opaque(4, 4)! }]),
    ).toEqual([]);
  });

  test('masks that show what is beside them, and ones that are off', async () => {
    const layer: Layer = { name: 'Masked', imageData: opaque(width, height)! };
    const mask = { left: 2, top: 3, imageData: square(5, 4, 0)!, defaultColor: 255 };
    expect(await areaOf([bottom, { ...layer, mask }])).toEqual([
      ['Masked', width * height - 20, true],
    ]);
    const black = { ...mask, defaultColor: 0, imageData: square(5, 4, 255)! };
    expect(await areaOf([bottom, { ...layer, mask: black }])).toEqual([['Masked', 20, true]]);
    // Without its mask it covers everything, like a picture.
    expect(await areaOf([bottom, { ...layer, mask: { ...black, disabled: true } }])).toEqual([]);
  });

  test('groups, hidden ones hide what is in them', async () => {
    const cut = (name: string): Layer => ({ name, imageData: opaque(2, 2)! });
    const group = {
      name: 'Group',
      hidden: true,
      children: [cut('a'), { name: 'Inner', children: [cut('b')] }],
    };
    expect(await areaOf([bottom, group, cut('c')])).toEqual([
      ['a', 4, false],
      ['b', 4, false],
      ['c', 4, true],
    ]);
  });

  test('no layer that covers everything: the merged picture', async () => {
    const { image, objects } = await read([
      { name: 'Only', left: 1, top: 1, imageData: opaque(3, 3)! },
    ]);
    expect([...image.data]).toEqual([...picture.data]);
    expect(objects.map(({ name }) => name)).toEqual(['Only']);
  });

  test('no layers at all', async () => {
    const { image, objects } = await read([]);
    expect([...image.data]).toEqual([...picture.data]);
    expect(objects).toEqual([]);
  });
});
