import {
  assertPixelSource,
  type Box,
  type Mask,
  type MaskError,
  type PixelSource,
  type RgbaImage,
  type RgbColor,
  type Size,
} from '@samgpu/mask';

import { DocumentError } from './document-error.ts';

/** A picture with the objects in it: what a file holds. */
export interface PictureDocument {
  /** Of the picture, without folder and ending. */
  readonly name: string;
  readonly image: PixelSource;
  /** From the bottom to the top. */
  readonly objects: readonly PictureObject[];
  /** What lies behind the objects. Default: the picture itself. */
  readonly background?: Background;
}

/** One object in a picture. */
export interface PictureObject {
  /** Unique in its document. */
  readonly id: string;
  readonly name: string;
  readonly color: RgbColor;
  readonly visible: boolean;
  /** 0 to 1. Default 1. */
  readonly opacity?: number;
  /** Of the size of the picture. */
  readonly mask: Mask;
  /** Soft edges. Where they are, they count instead of the mask's hard ones. */
  readonly matte?: ObjectMatte;
}

/** Soft edges of an object, of the size of the picture. */
export interface ObjectMatte extends Size {
  /** Share of the object in each pixel, 0 to 255. */
  readonly alpha: Uint8Array; // [height, width]
  /** Where the object lies; only needed when `foreground` gives no more than that. */
  readonly bounds?: Box;
  /**
   * The object with colours free of what was behind it: of the size of the picture, or of `bounds`, which
   * `crop` asks for. Default: the picture's own colours.
   */
  readonly foreground?: (options?: { readonly crop?: boolean }) => RgbaImage;
}

/** What lies behind the objects. */
export type Background =
  | { readonly kind: 'original' }
  | { readonly kind: 'transparent' }
  | { readonly kind: 'color'; readonly color: RgbColor }
  /** The picture out of focus, without the objects. `radius` is the standard deviation in pixels of the picture. */
  | { readonly kind: 'blur'; readonly radius: number }
  /** Another picture, centred: covering everything, or contained in it whole, over a colour (default black). */
  | {
      readonly kind: 'picture';
      readonly picture: PixelSource;
      readonly fit: 'cover' | 'contain';
      readonly color?: RgbColor;
    };

/** An {@link PictureObject} as a file brings it, before it has a place among others. */
export type ReadObject = Omit<PictureObject, 'id'>;

/** @throws DocumentError `invalid-document` */
export function assertDocument({ image, objects }: PictureDocument): void {
  try {
    assertPixelSource(image, image);
  } catch (cause) {
    throw new DocumentError('invalid-document', (cause as MaskError).message, { cause });
  }
  const ids = new Set<string>();
  for (const { id, name, mask, matte, opacity = 1 } of objects) {
    for (const [what, size] of [
      ['mask', mask],
      ['matte', matte],
    ] as const) {
      if (size === undefined) continue;
      if (size.width !== image.width || size.height !== image.height) {
        throw new DocumentError(
          'invalid-document',
          `The ${what} of ${JSON.stringify(name)} is ${size.width} x ${size.height}, the picture ${image.width} x ${image.height}; wanted the same size.`,
        );
      }
    }
    if (matte !== undefined && matte.alpha.length !== matte.width * matte.height) {
      throw new DocumentError(
        'invalid-document',
        `The matte of ${JSON.stringify(name)} has ${matte.alpha.length} bytes; wanted ${matte.width * matte.height}, one per pixel.`,
      );
    }
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new DocumentError(
        'invalid-document',
        `The opacity of ${JSON.stringify(name)} is ${opacity}; wanted 0 to 1.`,
      );
    }
    if (ids.has(id)) {
      throw new DocumentError(
        'invalid-document',
        `Two objects have the id ${JSON.stringify(id)}; wanted one of its own for each.`,
      );
    }
    ids.add(id);
  }
}

/** Gives objects of a file ids that none of `others` has. */
export function withIds(
  objects: readonly ReadObject[],
  others: readonly { readonly id: string }[] = [],
): PictureObject[] {
  const taken = new Set(others.map(({ id }) => id));
  let number = 0;
  return objects.map((object) => {
    do number += 1;
    while (taken.has(`object-${number}`));
    return { id: `object-${number}`, ...object };
  });
}
