import type { ObjectMatte, PictureDocument, PictureObject } from '@samgpu/document';
import { copyToRgba, Mask, type Size, toRgbaImage } from '@samgpu/mask';

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
  image: Size,
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
  { width, height }: Size,
): ObjectMatte {
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
