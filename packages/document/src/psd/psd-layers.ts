import type { Box, PixelSource, RgbaImage, Size } from '@samgpu/mask';

import type { BackgroundPicture } from '../background/background-pictures.ts';
import { growBox, wholeBox } from '../boxes.ts';
import { ObjectPixels } from '../object-pixels.ts';
import { isOpaque } from '../opaque.ts';
import type { PictureObject } from '../picture-document.ts';
import { alphaChannel, maskChannel, type PackedChannel, packInterleaved } from './psd-channels.ts';
import { labelNumber } from './layer-colors.ts';

/** A layer, its pixels packed. */
export interface PsdLayer {
  readonly name: string;
  readonly box: Box;
  readonly channels: readonly { readonly id: number; readonly packed: PackedChannel }[];
  /** Where its mask lies; beside it nothing shows. */
  readonly maskBox?: Box;
  readonly opacity: number;
  readonly hidden: boolean;
  /** 0 for none. */
  readonly label: number;
}

/** How {@link writePsd} writes. */
export interface PsdOptions {
  /**
   * How much of the picture each object's layer keeps behind its mask: some room around the object, to
   * paint more of it in, or the whole picture. Default `around`.
   */
  readonly keep?: 'around' | 'whole';
}

/** Room around an object in its layer: of its longer side, at least 16 pixels. */
const marginShare = 0.1;

/** A picture without a mask. */
export function pictureLayer({ name, image, hidden }: BackgroundPicture): PsdLayer {
  return { name, ...pixelLayer(image), hidden };
}

function pixelLayer(image: PixelSource): Omit<PsdLayer, 'name'> {
  const { width, height, channels = 4, data } = image;
  const hasAlpha = channels === 4 && !isOpaque(data);
  const ids = hasAlpha ? [alphaChannel, 0, 1, 2] : [0, 1, 2];
  return {
    box: wholeBox(image),
    channels: ids.map((id) => ({
      id,
      packed: packInterleaved(data, width, height, id === alphaChannel ? 3 : id, channels),
    })),
    opacity: 1,
    hidden: false,
    label: 0,
  };
}

/** The picture around an object, with a mask that shows the object. */
export function objectLayer(
  image: PixelSource,
  object: PictureObject,
  { keep = 'around' }: PsdOptions,
): PsdLayer {
  const pixels = new ObjectPixels(image, object);
  const maskBox = pixels.box;
  const box = keep === 'whole' ? wholeBox(image) : roomAround(maskBox, image);
  const colors = pixels.colorsIn(box);
  const packColor = (channel: number): PackedChannel =>
    packInterleaved(colors, box.width, box.height, channel, 4);
  return {
    name: object.name,
    box,
    channels: [
      { id: alphaChannel, packed: packColor(3) },
      { id: 0, packed: packColor(0) },
      { id: 1, packed: packColor(1) },
      { id: 2, packed: packColor(2) },
      {
        id: maskChannel,
        packed: packInterleaved(pixels.alpha, maskBox.width, maskBox.height, 0, 1),
      },
    ],
    maskBox,
    opacity: object.opacity ?? 1,
    hidden: !object.visible,
    label: labelNumber(object.color),
  };
}

function roomAround(box: Box, image: Size): Box {
  const margin = Math.max(16, Math.round(marginShare * Math.max(box.width, box.height)));
  return growBox(box, margin, image);
}

/** What readers show that do not read layers: over white where it is transparent. */
export function packMerged({ data, width, height }: RgbaImage): readonly PackedChannel[] {
  const hasAlpha = !isOpaque(data);
  if (hasAlpha) {
    for (let at = 0; at < data.length; at += 4) {
      const alpha = data[at + 3]! / 255;
      for (let channel = 0; channel < 3; channel++) {
        data[at + channel] = data[at + channel]! * alpha + 255 * (1 - alpha);
      }
    }
  }
  const channels = hasAlpha ? [0, 1, 2, 3] : [0, 1, 2];
  return channels.map((channel) => packInterleaved(data, width, height, channel, 4));
}
