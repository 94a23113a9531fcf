import type { RgbColor } from '@samgpu/mask';

import { wholeBox } from '../boxes.ts';
import { DocumentError } from '../document-error.ts';
import { ObjectPixels } from '../object-pixels.ts';
import { assertDocument, type PictureDocument } from '../picture-document.ts';
import { encodeGreyPng, encodeIndexedPng } from '../png/encode-png.ts';
import { pngPerObject } from '../zip/png-per-object.ts';
import { type ObjectNote, writeMaskNotes } from './mask-png-notes.ts';

/** How {@link writeMaskPng} writes. */
export interface MaskPngOptions {
  /**
   * - `union` (default): white where any object is, with soft edges
   * - `separately`: the same per object, several in a zip archive
   * - `labels`: levels of grey are numbers of objects from 1, 8 bits, or 16 past 255 objects
   * - `colors`: the same numbers, shown in the objects' colours by a palette; up to 255 objects
   */
  readonly form?: 'union' | 'separately' | 'labels' | 'colors';
}

const mostColors = 255;
const mostLabels = 65_535;

/**
 * Masks as PNG of the size of the picture. Where objects overlap, numbers are those of the upper one.
 *
 * @throws DocumentError `no-objects`, `too-large` or `invalid-document`
 */
export async function writeMaskPng(
  document: PictureDocument,
  { form = 'union' }: MaskPngOptions = {},
): Promise<Blob> {
  assertDocument(document);
  const { image, objects } = document;
  if (objects.length === 0) {
    throw new DocumentError('no-objects', 'There is no mask to write: make an object first.');
  }
  switch (form) {
    case 'union':
      return encodeGreyPng(unionOf(document), image, {
        text: writeMaskNotes('alpha', [unionNote(document)]),
      });
    case 'separately':
      return pngPerObject(objects, (object) =>
        encodeGreyPng(new ObjectPixels(image, object).alphaIn(wholeBox(image)), image, {
          text: writeMaskNotes('alpha', [object]),
        }),
      );
    default: {
      const most = form === 'colors' ? mostColors : mostLabels;
      if (objects.length > most) {
        throw new DocumentError(
          'too-large',
          `${objects.length} objects in one PNG of ${form}; at most ${most} have numbers in it. Write them separately.`,
        );
      }
      const labels = labelsOf(document);
      const text = writeMaskNotes('labels', objects);
      if (form === 'labels' || labels instanceof Uint16Array)
        return encodeGreyPng(labels, image, { text });
      const black: RgbColor = [0, 0, 0];
      return encodeIndexedPng(labels, image, [black, ...objects.map(({ color }) => color)], {
        text,
      });
    }
  }
}

/** All of them together have the document's name, and the look of the first. */
function unionNote({ name, objects }: PictureDocument): ObjectNote {
  return { name, color: objects[0]!.color, visible: true };
}

function unionOf({ image, objects }: PictureDocument): Uint8Array {
  const union = new Uint8Array(image.width * image.height);
  for (const object of objects) {
    const { box, alpha } = new ObjectPixels(image, object);
    for (let y = 0; y < box.height; y++) {
      const row = (box.y + y) * image.width + box.x;
      for (let x = 0; x < box.width; x++) {
        const outside = (255 - union[row + x]!) * (255 - alpha[y * box.width + x]!);
        union[row + x] = 255 - Math.round(outside / 255);
      }
    }
  }
  return union;
}

function labelsOf({ image, objects }: PictureDocument): Uint8Array | Uint16Array {
  const count = image.width * image.height;
  const labels = objects.length > mostColors ? new Uint16Array(count) : new Uint8Array(count);
  for (const [i, { mask }] of objects.entries()) {
    const { x: left, y: top, width, height } = mask.bounds;
    const { data } = mask;
    for (let y = top; y < top + height; y++) {
      const row = y * image.width;
      for (let x = row + left; x < row + left + width; x++) if (data[x] !== 0) labels[x] = i + 1;
    }
  }
  return labels;
}
