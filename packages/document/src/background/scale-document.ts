import { bitmapFrom, Mask, type Size, toRgbaImage } from '@samgpu/mask';

import { DocumentError } from '../document-error.ts';
import { ObjectPixels } from '../object-pixels.ts';
import type { Background, PictureDocument, PictureObject } from '../picture-document.ts';
import { Breath } from './breath.ts';
import type { WorkOptions } from './compose-document.ts';
import { premultipliedRow } from './premultiplied-row.ts';
import { RowResampler } from './row-resampler.ts';

/**
 * A smaller copy of a document, to look at: everything that composes or writes documents takes it, and
 * shows what the whole one would give. Edges become soft where a pixel has several of the original;
 * blurs shrink with the picture.
 *
 * @param maxSide - of the copy, in pixels. A document that is not larger is returned as it is
 * @throws DocumentError `invalid-option`
 */
export function scaleDocument(document: PictureDocument, maxSide: number): PictureDocument {
  const steps = scaling(document, maxSide);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * {@link scaleDocument} in small steps, so that a page can go on meanwhile.
 *
 * @throws DocumentError `invalid-option`; what `signal` was aborted with
 */
export async function previewDocument(
  document: PictureDocument,
  maxSide: number,
  { signal, onProgress }: WorkOptions = {},
): Promise<PictureDocument> {
  const steps = scaling(document, maxSide);
  const breath = new Breath();
  for (;;) {
    await breath.ifDue(signal);
    const { done, value } = steps.next();
    if (done === true) return value;
    onProgress?.(value);
  }
}

/** Yields the share that is done. */
function* scaling(document: PictureDocument, maxSide: number): Scaling<PictureDocument> {
  if (!(maxSide >= 1)) {
    throw new DocumentError('invalid-option', `A preview of ${maxSide} pixels; wanted 1 or more.`);
  }
  const { image, objects, background } = document;
  const scale = maxSide / Math.max(image.width, image.height);
  if (scale >= 1) return document;
  const size = {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  };
  const total = 1 + objects.length;
  const data = yield* shareOf(
    resized(image, size, (y, row) => premultipliedRow(image, y, row)),
    0,
    total,
  );
  const scaled: PictureObject[] = [];
  for (const object of objects) {
    scaled.push(yield* shareOf(scaleObject(object, image, size), 1 + scaled.length, total));
  }
  return {
    ...document,
    image: { ...size, channels: 4, data },
    objects: scaled,
    ...(background !== undefined && { background: scaleBackground(background, scale) }),
  };
}

/** Work in steps, each of which tells the share that is done, 0 to 1. */
type Scaling<Result> = Generator<number, Result, undefined>;

/** One of several parts of a work. */
function* shareOf<Result>(part: Scaling<Result>, index: number, count: number): Scaling<Result> {
  for (;;) {
    const { done, value } = part.next();
    if (done === true) return value;
    yield (index + value) / count;
  }
}

function scaleBackground(background: Background, scale: number): Background {
  return background.kind === 'blur'
    ? { ...background, radius: background.radius * scale }
    : background;
}

function* scaleObject(
  object: PictureObject,
  image: PictureDocument['image'],
  size: Size,
): Scaling<PictureObject> {
  const pixels = new ObjectPixels(image, object);
  const { x: left, y: top, width, height } = pixels.box;
  const opaque = yield* resized(image, size, (y, row) => {
    row.fill(0);
    // Beside the object there is nothing of it.
    if (y < top || y >= top + height) return;
    const line = { x: left, y, width, height: 1 };
    const colors = pixels.colorsIn(line);
    const alpha = pixels.alphaIn(line);
    for (let x = 0, to = 4 * left; x < width; x++, to += 4) {
      const share = alpha[x]! / 255;
      for (let channel = 0; channel < 3; channel++) {
        row[to + channel] = colors[4 * x + channel]! * share;
      }
      row[to + 3] = share;
    }
  });
  const alpha = new Uint8Array(size.width * size.height);
  for (let i = 0; i < alpha.length; i++) alpha[i] = opaque[4 * i + 3]!;
  const inside = alpha.map((level) => (level >= 128 ? 1 : 0));
  return {
    ...object,
    mask: Mask.fromBitmap(bitmapFrom(inside, size.width, size.height)),
    matte: { ...size, alpha, foreground: () => toRgbaImage(opaque, size) },
  };
}

/** @param read - gives a row with colours multiplied by alpha, alpha 0 to 1 */
function* resized(
  from: Size,
  size: Size,
  read: (y: number, row: Float32Array) => void,
): Scaling<Uint8ClampedArray<ArrayBuffer>> {
  const resampler = new RowResampler({
    from: { width: from.width, height: from.height },
    width: size.width,
    channels: 4,
    horizontal: { scale: size.width / from.width, offset: 0 },
    vertical: { scale: size.height / from.height, offset: 0 },
    read,
  });
  const pixels = new Uint8ClampedArray(size.width * size.height * 4);
  const row = new Float32Array(size.width * 4);
  for (let y = 0, to = 0; y < size.height; y++) {
    resampler.row(y, row);
    for (let at = 0; at < row.length; at += 4, to += 4) {
      const alpha = row[at + 3]!;
      if (alpha <= 0) continue;
      pixels[to] = row[at]! / alpha;
      pixels[to + 1] = row[at + 1]! / alpha;
      pixels[to + 2] = row[at + 2]! / alpha;
      pixels[to + 3] = alpha * 255;
    }
    yield (y + 1) / size.height;
  }
  return pixels;
}
