import {
  distinctColors,
  drawMasks,
  fromCompressedRle,
  type ImageInput,
  readImage,
  type RgbaImage,
} from 'samgpu';

import type { TrackedMask } from './frame-record.ts';

export interface DrawnFrame {
  readonly drawn: RgbaImage;
  /** Whether the frame has no alpha channel. */
  readonly isOpaque: boolean;
}

/** A frame with its objects, each in the same colour on all frames. */
export async function drawFrame(
  image: ImageInput,
  objects: readonly TrackedMask[],
  maxPixels: number | undefined,
): Promise<DrawnFrame> {
  const pixels = await readImage(image, maxPixels === undefined ? {} : { maxPixels });
  const colors = distinctColors(Math.max(0, ...objects.map(({ object }) => object)));
  const drawn = drawMasks(
    objects.map(({ rle }) => fromCompressedRle(rle)),
    pixels,
    { colors: objects.map(({ object }) => colors[object - 1]!) },
  );
  return { drawn, isOpaque: pixels.channels === 3 };
}
