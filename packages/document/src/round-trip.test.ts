/** Every format that is written is read again, by its content alone. */
import { describe, expect, test } from 'vitest';

import { writeCoco } from './coco/write-coco.ts';
import { writeCutout } from './cutout/write-cutout.ts';
import { DocumentError } from './document-error.ts';
import { summaryOf } from './fixtures/compare-objects.ts';
import { sampleDocument, samplePicture } from './fixtures/sample-document.ts';
import { writeMaskPng } from './mask-png/write-mask-png.ts';
import { ObjectPixels } from './object-pixels.ts';
import { openDocument, type OpenedDocument } from './open-document.ts';
import { writeOpenRaster } from './openraster/write-openraster.ts';
import type { Background, PictureDocument, ReadObject } from './picture-document.ts';
import { writeProject } from './project/write-project.ts';
import { writePsd } from './psd/write-psd.ts';
import { writeSvg } from './svg/write-svg.ts';

const document = sampleDocument();
const expected = document.objects.map(summaryOf);

async function reopen(file: Blob, asMask = false): Promise<readonly ReadObject[]> {
  const opened = await openDocument(file, { asMask });
  return opened.kind === 'picture'
    ? opened.objects
    : opened.objectsFor({ ...document.image, name: document.name });
}

async function openPicture(file: Blob): Promise<OpenedDocument & { kind: 'picture' }> {
  const opened = await openDocument(file);
  if (opened.kind !== 'picture') throw new Error(`got ${opened.kind}`);
  return opened;
}

describe('names, colours, visibility, opacity and masks', () => {
  test.each([
    ['PSD', (): Promise<Blob> => writePsd(document)],
    ['PSD, whole pictures in layers', () => writePsd(document, { keep: 'whole' })],
    ['OpenRaster', () => writeOpenRaster(document)],
    ['project', () => writeProject(document)],
    ['SVG', () => writeSvg(document)],
    ['SVG with the picture', () => writeSvg(document, { picture: { kind: 'embedded' } })],
    ['COCO', async () => writeCoco(document)],
    ['COCO, run lengths', async () => writeCoco(document, { segmentation: 'rle' })],
    ['COCO, polygons', async () => writeCoco(document, { segmentation: 'polygons' })],
    ['masks separately', () => writeMaskPng(document, { form: 'separately' })],
  ])('%s', async (_, write) => {
    expect((await reopen(await write())).map(summaryOf)).toEqual(expected);
  });

  test.each(['labels', 'colors'] as const)(
    'PNG of %s: the upper object has the pixel',
    async (form) => {
      const objects = (await reopen(await writeMaskPng(document, { form }))).map(summaryOf);
      const [ring, ...upper] = objects;
      expect(upper).toEqual(expected.slice(1));
      const { mask: ringMask } = document.objects[0]!;
      const covered = document.objects.slice(1);
      const visible = ringMask.data.filter(
        (inside, i) => inside === 1 && covered.every(({ mask }) => mask.data[i] === 0),
      );
      const area = ring!.rle.reduce((sum, count, i) => sum + (i % 2) * count, 0);
      expect(area).toBe(visible.length);
    },
  );

  test('a PNG of 300 objects has 16 bits', async () => {
    const { image } = document;
    const objects = Array.from({ length: 300 }, (_, i) => ({
      ...document.objects[2]!,
      id: `${i}`,
      name: `Object ${i + 1}`,
      mask: document.objects[2]!.mask.cleaned(({ width, height }) => ({
        width,
        height,
        data: Uint8Array.from({ length: width * height }, (_, pixel) => (pixel === i * 7 ? 1 : 0)),
      })),
    }));
    const many = { name: 'many', image, objects };
    const read = await reopen(await writeMaskPng(many, { form: 'labels' }));
    expect(read.map(summaryOf)).toEqual(objects.map(summaryOf));
    await expect(writeMaskPng(many, { form: 'colors' })).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  test('a document without objects', async () => {
    const empty: PictureDocument = { ...document, objects: [] };
    for (const write of [writePsd, writeOpenRaster, writeProject]) {
      const opened = await openPicture(await write(empty));
      expect(opened.objects).toEqual([]);
      expect([...opened.image.data]).toEqual([...document.image.data]);
    }
    await expect(writeMaskPng(empty)).rejects.toMatchObject({ code: 'no-objects' });
    await expect(writeCutout(empty)).rejects.toMatchObject({ code: 'no-objects' });
  });
});

describe('the picture and soft edges', () => {
  test.each([
    ['PSD', writePsd],
    ['OpenRaster', writeOpenRaster],
    ['project', writeProject],
  ])('%s', async (_, write) => {
    const opened = await openPicture(await write(document));
    expect([...opened.image.data]).toEqual([...document.image.data]);
    const [before, after] = [document.objects[1]!, opened.objects[1]!].map((object) => {
      const pixels = new ObjectPixels(document.image, object);
      return { box: pixels.box, data: [...pixels.cutoutIn(pixels.box).data] };
    });
    expect(after).toEqual(before);
    expect(opened.objects.map(({ matte }) => matte !== undefined)).toEqual([false, true, false]);
  });

  test('a mask that is soft', async () => {
    const soft = { ...document, objects: [document.objects[1]!] };
    const [object] = await reopen(await writeMaskPng(soft, { form: 'separately' }));
    expect(object!.matte!.alpha).toEqual(document.objects[1]!.matte!.alpha);
  });

  test('a cutout, read as a mask', async () => {
    const soft = { ...document, objects: [{ ...document.objects[1]!, opacity: 1 }] };
    const [object] = await reopen(await writeCutout(soft), true);
    expect(object!.matte!.alpha).toEqual(document.objects[1]!.matte!.alpha);
  });

  test('a picture with transparency', async () => {
    const image = samplePicture(20, 14);
    for (let i = 3; i < image.data.length; i += 4) image.data[i] = i % 256;
    const transparent: PictureDocument = { name: 'transparent', image, objects: [] };
    for (const write of [writePsd, writeOpenRaster, writeProject]) {
      const opened = await openPicture(await write(transparent));
      expect([...opened.image.data]).toEqual([...image.data]);
    }
  });

  test('a project keeps the file of the picture, and what an editor knows', async () => {
    const picture = new Blob([new Uint8Array([1, 2, 3])], { type: 'image/jpeg' });
    const session = { prompts: [{ x: 1.5, y: 2 }], text: 'ü' };
    const file = await writeProject(document, { picture, session });
    const opened = await openDocument(file, { decode: async () => document.image });
    expect(opened).toMatchObject({ kind: 'picture', format: 'project', session });
    const kept = (opened as OpenedDocument & { kind: 'picture' }).picture!;
    expect(kept.type).toBe('image/jpeg');
    expect([...new Uint8Array(await kept.arrayBuffer())]).toEqual([1, 2, 3]);
  });
});

describe('backgrounds', () => {
  const backgrounds: readonly Background[] = [
    { kind: 'original' },
    { kind: 'transparent' },
    { kind: 'color', color: [1, 20, 200] },
    { kind: 'blur', radius: 4.5 },
    { kind: 'picture', picture: samplePicture(9, 5), fit: 'contain', color: [7, 8, 9] },
  ];

  test.each(backgrounds)('a project keeps $kind', async (background) => {
    const { background: kept } = await openPicture(await writeProject({ ...document, background }));
    expect(kept).toEqual(background);
  });

  test.each(backgrounds)(
    'with $kind, layers still hold the picture and the objects',
    async (background) => {
      for (const write of [writePsd, writeOpenRaster]) {
        const opened = await openPicture(await write({ ...document, background }));
        expect([...opened.image.data]).toEqual([...document.image.data]);
        expect(opened.objects.map(summaryOf)).toEqual(expected);
      }
    },
  );
});

describe('what does not fit', () => {
  test.each([
    ['SVG', (): Promise<Blob> => writeSvg(document)],
    ['COCO', async () => writeCoco(document)],
    ['mask', () => writeMaskPng(document)],
  ])('%s beside a picture of another shape', async (_, write) => {
    const opened = await openDocument(await write());
    if (opened.kind !== 'objects') throw new Error('wanted objects');
    const error = getError(() => opened.objectsFor({ width: 50, height: 47 }));
    expect(error).toBeInstanceOf(DocumentError);
    expect(error).toMatchObject({ code: 'wrong-picture' });
  });

  test('an SVG grows with the picture that it was drawn for', async () => {
    const opened = await openDocument(await writeSvg(document));
    if (opened.kind !== 'objects') throw new Error('wanted objects');
    const objects = opened.objectsFor({ width: 122, height: 94 });
    expect(objects.map(({ mask }) => mask.area)).toEqual(
      document.objects.map(({ mask }) => 4 * mask.area),
    );
  });

  test('files of no known format', async () => {
    await expect(openDocument(new Blob([]))).rejects.toMatchObject({ code: 'unknown-format' });
    await expect(openDocument(new Blob(['{"a": 1}']))).rejects.toMatchObject({
      code: 'unknown-format',
    });
    await expect(openDocument(new Blob(['hello']))).rejects.toMatchObject({
      code: 'unknown-format',
    });
    await expect(openDocument(new Blob(['<html></html>']))).rejects.toMatchObject({
      code: 'unknown-format',
    });
  });

  test('documents whose parts do not fit together', async () => {
    const { image, objects } = document;
    const smaller = { ...image, width: 60, data: image.data.subarray(0, 60 * 47 * 4) };
    for (const wrong of [
      { ...document, image: smaller },
      { ...document, image: { ...image, width: 60 } },
      { ...document, objects: [objects[0]!, objects[0]!] },
      { ...document, objects: [{ ...objects[0]!, opacity: 2 }] },
    ]) {
      await expect(writePsd(wrong)).rejects.toMatchObject({ code: 'invalid-document' });
    }
  });
});

function getError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
