import { type RgbaImage, toRgbaImage } from '@samgpu/mask';

import { joinBoxes, wholeBox } from '../boxes.ts';
import { DocumentError } from '../document-error.ts';
import { drawObjects } from '../draw-objects.ts';
import { ObjectPixels } from '../object-pixels.ts';
import { assertDocument, type PictureDocument } from '../picture-document.ts';
import { encodePng } from '../png/encode-png.ts';
import { pngPerObject } from '../zip/png-per-object.ts';

/** How {@link writeCutout} cuts. */
export interface CutoutOptions {
  /** Only as large as the objects. Default `false`: as large as the picture. */
  readonly crop?: boolean;
  /** A file per object, in a zip archive, or all objects in one picture. Default `together`. */
  readonly objects?: 'together' | 'separately';
}

/**
 * Objects without what was around them, as PNG: soft edges, clean colours, straight alpha. Several
 * objects that are cut separately come in a zip archive. Objects that are hidden are left out.
 *
 * @throws DocumentError `no-objects`, `invalid-document` or `too-large`
 */
export async function writeCutout(
  document: PictureDocument,
  { crop = false, objects = 'together' }: CutoutOptions = {},
): Promise<Blob> {
  assertDocument(document);
  if (objects === 'together') return encodePng(cutOut(document, crop));
  const { image } = document;
  const visible = document.objects.filter((object) => object.visible);
  if (visible.length === 0) throw nothing();
  return pngPerObject(visible, async (object) =>
    encodePng(cutOut({ image, objects: [object] }, crop)),
  );
}

/**
 * The visible objects of a document over nothing.
 *
 * @throws DocumentError `no-objects` where nothing would be seen
 */
export function cutOut(
  { image, objects }: Pick<PictureDocument, 'image' | 'objects'>,
  crop: boolean,
): RgbaImage {
  const pixels = objects
    .filter(({ visible }) => visible)
    .map((object) => new ObjectPixels(image, object))
    .filter(({ box }) => box.width > 0);
  if (pixels.length === 0) throw nothing();
  const box = crop ? pixels.map(({ box }) => box).reduce(joinBoxes) : wholeBox(image);
  const result = new Uint8ClampedArray(box.width * box.height * 4);
  drawObjects(result, box, pixels);
  return toRgbaImage(result, box);
}

function nothing(): DocumentError {
  return new DocumentError(
    'no-objects',
    'There is nothing to cut out: no object is visible, or all are empty. Make an object first, or show one.',
  );
}
