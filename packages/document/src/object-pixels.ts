// What of a picture belongs to an object: how much of each pixel, and in which colours.

import { alphaBounds, type Box, type PixelSource, type RgbaImage, toRgbaImage } from '@samgpu/mask';

import { intersectBoxes, wholeBox } from './boxes.ts';
import { copyPixels } from './copy-pixels.ts';
import { DocumentError } from './document-error.ts';
import type { ObjectMatte, PictureObject } from './picture-document.ts';

/** The pixels of one object, looked up once and then at hand. Memory: its bounds, not the picture. */
export class ObjectPixels {
  /** The smallest box around all pixels that have something of the object; all zeros for none. */
  readonly box: Box;
  /** How much of each pixel is the object's, 0 to 255. */
  readonly alpha: Uint8Array<ArrayBuffer>; // [box.height, box.width]
  readonly opacity: number;
  readonly #image: PixelSource;
  readonly #clean: CleanColors | undefined;

  constructor(
    image: PixelSource,
    { mask, matte, opacity = 1 }: Omit<PictureObject, 'id' | 'name' | 'color' | 'visible'>,
  ) {
    this.#image = image;
    this.opacity = opacity;
    this.box = boundsOf({ mask, matte });
    this.alpha = new Uint8Array(this.box.width * this.box.height);
    const [source, scale] = matte === undefined ? [mask.data, 255] : [matte.alpha, 1];
    const { x: left, y: top, width, height } = this.box;
    for (let y = 0; y < height; y++) {
      const from = (top + y) * mask.width + left;
      const to = y * width;
      for (let x = 0; x < width; x++) this.alpha[to + x] = source[from + x]! * scale;
    }
    this.#clean = matte === undefined || width === 0 ? undefined : cleanColors(matte);
  }

  /** How much of each pixel of a box is the object's. */
  alphaIn(box: Box): Uint8Array<ArrayBuffer> {
    return copyPixels(this.alpha, this.box, new Uint8Array(box.width * box.height), box);
  }

  /**
   * A part of the picture in the object's own colours: where the object is only a part of a pixel, the
   * colour is that of the object, not of the mixture. The picture's alpha stays.
   */
  colorsIn(box: Box): Uint8ClampedArray<ArrayBuffer> {
    const pixels = cropRgba(this.#image, box);
    if (this.#clean === undefined) return pixels;
    const { area, data } = this.#clean;
    const shared = intersectBoxes(intersectBoxes(box, this.box), area);
    for (let y = shared.y; y < shared.y + shared.height; y++) {
      for (let x = shared.x; x < shared.x + shared.width; x++) {
        if (this.alpha[(y - this.box.y) * this.box.width + x - this.box.x] === 0) continue;
        const from = ((y - area.y) * area.width + x - area.x) * 4;
        const to = ((y - box.y) * box.width + x - box.x) * 4;
        pixels[to] = data[from]!;
        pixels[to + 1] = data[from + 1]!;
        pixels[to + 2] = data[from + 2]!;
      }
    }
    return pixels;
  }

  /** The object alone: straight alpha, clean colours, transparent black where nothing of it is. */
  cutoutIn(box: Box): RgbaImage {
    const pixels = this.colorsIn(box);
    const alpha = this.alphaIn(box);
    for (let i = 0, at = 0; i < alpha.length; i++, at += 4) {
      if (alpha[i] === 255) continue;
      if (alpha[i] === 0) pixels.fill(0, at, at + 4);
      else pixels[at + 3] = (pixels[at + 3]! * alpha[i]!) / 255;
    }
    return toRgbaImage(pixels, box);
  }
}

interface CleanColors {
  readonly area: Box;
  readonly data: RgbaImage['data'];
}

function cleanColors(matte: ObjectMatte): CleanColors | undefined {
  const clean = matte.foreground?.({ crop: matte.bounds !== undefined });
  if (clean === undefined) return undefined;
  const { width, height, bounds } = matte;
  const { data } = clean;
  if (clean.width === width && clean.height === height) {
    return { area: { x: 0, y: 0, width, height }, data };
  }
  if (bounds !== undefined && clean.width === bounds.width && clean.height === bounds.height) {
    return { area: bounds, data };
  }
  throw new DocumentError(
    'invalid-document',
    `The clean colours of a matte are ${clean.width} x ${clean.height}; wanted the size of the picture, ${width} x ${height}, or of the matte's bounds.`,
  );
}

/** The smallest box around all pixels that have something of the object; all zeros for none. */
export function boundsOf({
  mask,
  matte,
}: {
  readonly mask: PictureObject['mask'];
  readonly matte?: ObjectMatte | undefined;
}): Box {
  if (matte === undefined) return mask.bounds;
  return matte.bounds ?? alphaBounds(matte.alpha, matte);
}

/** A part of a picture as RGBA of its own. */
export function cropRgba(image: PixelSource, box: Box): Uint8ClampedArray<ArrayBuffer> {
  const { width, channels = 4, data } = image;
  const pixels = new Uint8ClampedArray(box.width * box.height * 4);
  if (channels === 4) return copyPixels(data, wholeBox(image), pixels, box, 4);
  for (let y = 0; y < box.height; y++) {
    const from = ((box.y + y) * width + box.x) * 3;
    const to = y * box.width * 4;
    for (let x = 0; x < box.width; x++) {
      pixels[to + 4 * x] = data[from + 3 * x]!;
      pixels[to + 4 * x + 1] = data[from + 3 * x + 1]!;
      pixels[to + 4 * x + 2] = data[from + 3 * x + 2]!;
      pixels[to + 4 * x + 3] = 255;
    }
  }
  return pixels;
}
