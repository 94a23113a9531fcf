import type { ObjectMatte, PictureDocument, PictureObject } from '@samgpu/document';
import { copyToRgba, Mask, type PixelSource, toRgbaImage } from '@samgpu/mask';
import { Matte } from '@samgpu/matte';

import type { PortableDocument, PortableObject } from './messages.ts';

/** The document that was sent. */
export function documentFrom({
  name,
  image,
  objects,
  background,
}: PortableDocument): PictureDocument {
  return {
    name,
    image,
    objects: objects.map((object) => objectFrom(object, image)),
    ...(background !== undefined && { background }),
  };
}

function objectFrom(
  { id, name, color, visible, opacity, rle, score, matte }: PortableObject,
  image: PixelSource,
): PictureObject {
  return {
    id,
    name,
    color,
    visible,
    mask: Mask.fromRle(rle, { score }),
    ...(opacity !== undefined && { opacity }),
    ...(matte !== undefined && { matte: matteFrom(matte, image) }),
  };
}

function matteFrom(
  { alpha, bounds, foreground }: NonNullable<PortableObject['matte']>,
  image: PixelSource,
): ObjectMatte {
  const { width, height } = image;
  if (foreground === 'estimate') return new Matte({ width, height, alpha }, image);
  return {
    width,
    height,
    alpha,
    ...(bounds !== undefined && { bounds }),
    ...(foreground !== undefined && {
      foreground: () => toRgbaImage(copyToRgba(foreground), foreground),
    }),
  };
}
