import { cutOut, type PictureObject } from '@samgpu/document';
import { bitmapFrom, Mask } from '@samgpu/mask';
import { describe, expect, test } from 'vitest';

import { exporters } from './exporters.ts';
import { exportName } from './format-names.ts';
import { documentOf, type StudioDocument, withoutEnding } from './studio-document.ts';
import { documentFrom } from './worker/document-from.ts';
import { portableDocument } from './worker/messages.ts';

const [width, height] = [60, 40];
const bounds = { x: 20, y: 0, width: 40, height };

/** Orange on the right, blue on the left, and a soft edge of eight pixels between the two. */
function softEdge(): StudioDocument {
  const data = new Uint8ClampedArray(width * height * 4);
  const alpha = new Uint8Array(width * height);
  for (let i = 0; i < alpha.length; i++) {
    const share = Math.min(1, Math.max(0, ((i % width) - 20) / 8));
    alpha[i] = Math.round(share * 255);
    const mix = (object: number, behind: number): number => object * share + behind * (1 - share);
    data.set([mix(240, 20), mix(150, 40), mix(30, 200), 255], 4 * i);
  }
  const inside = alpha.map((level) => level >> 7);
  const object = {
    id: '1',
    name: 'Orange 1',
    color: [1, 2, 3] as const,
    visible: true,
    mask: Mask.fromBitmap(bitmapFrom(inside, width, height)),
    alpha: { width, height, alpha, bounds },
  };
  const other = { ...object, id: '2', name: 'Other', alpha: undefined };
  const { alpha: _, ...hard } = other;
  return documentOf('folder/photo.of.me.jpg', { width, height, data }, [object, hard], {
    background: { kind: 'color', color: [0, 0, 0] },
  });
}

function cutoutOf({ image }: StudioDocument, object: PictureObject): number[] {
  return [...cutOut({ image, objects: [object] }, false).data];
}

describe('the document of a session', () => {
  const document = softEdge();

  test('names, masks, background', () => {
    expect(document.name).toBe('photo.of.me');
    expect(document.objects.map(({ id, name }) => [id, name])).toEqual([
      ['1', 'Orange 1'],
      ['2', 'Other'],
    ]);
    expect(document.background).toEqual({ kind: 'color', color: [0, 0, 0] });
  });

  test('soft edges show no fringe of what was behind', () => {
    const pixels = cutoutOf(document, document.objects.at(0)!);
    for (let x = 22; x < 28; x++) {
      const at = (20 * width + x) * 4;
      const [red, , blue, alpha] = pixels.slice(at, at + 4);
      expect(alpha).toBeGreaterThan(0);
      expect(alpha).toBeLessThan(255);
      // The picture has up to 160 levels of blue too much there.
      expect(Math.abs((blue ?? 0) - 30)).toBeLessThan(30);
      expect(Math.abs((red ?? 0) - 240)).toBeLessThan(30);
    }
  });

  test('goes to a worker and comes out the same', async () => {
    const sent = documentFrom(structuredClone(portableDocument(document)));
    for (const [i, object] of document.objects.entries()) {
      expect(cutoutOf(sent, sent.objects.at(i)!)).toEqual(cutoutOf(document, object));
    }
    const [here, there] = await Promise.all(
      [document, sent].map(async (each) => [
        ...new Uint8Array(await (await exporters.psd.write(each)).arrayBuffer()),
      ]),
    );
    expect(there).toEqual(here);
  });

  test('some of the objects', () => {
    const { image } = document;
    const { mask } = document.objects.at(0)!;
    const object = { id: 'a', name: 'A', color: [0, 0, 0] as const, visible: true, mask };
    const objects = [object, { ...object, id: 'b' }];
    expect(
      documentOf('x', image, objects, { selected: ['b'] }).objects.map(({ id }) => id),
    ).toEqual(['b']);
  });
});

describe('names of files', () => {
  test('say what is in them', () => {
    const document = softEdge();
    const nameOf = (id: keyof typeof exporters, type = '', large = 1): string =>
      exportName(
        id,
        { ...document, image: { ...document.image, width: document.image.width * large } },
        new Blob([], { type }),
      );
    expect(nameOf('cutout')).toBe('photo.of.me.cutout.png');
    expect(nameOf('cutout', 'application/zip')).toBe('photo.of.me.cutout.zip');
    expect(nameOf('psd')).toBe('photo.of.me.psd');
    expect(nameOf('psd', '', 1000)).toBe('photo.of.me.psb');
    expect(nameOf('coco')).toBe('photo.of.me.coco.json');
  });

  test.each([
    ['photo.jpg', 'photo'],
    ['C:\\a\\b.JPEG', 'b'],
    ['.hidden', '.hidden'],
    ['version 1.5', 'version 1.5'],
    ['no ending', 'no ending'],
  ])('%s without its ending', (name, wanted) => {
    expect(withoutEnding(name)).toBe(wanted);
  });
});
