import { decodeRle, fromCompressedRle, type RgbColor } from '@samgpu/mask';

import { encodeIndexedPng } from '../png/encode-png.ts';
import type { TrackFrame } from './track-frames.ts';

/** The colours by which PASCAL VOC and DAVIS show numbers: bits of the number, spread over the channels. */
function davisPalette(): RgbColor[] {
  return Array.from({ length: 256 }, (_, index) => {
    const color: [number, number, number] = [0, 0, 0];
    for (let bit = 0, rest = index; rest > 0; bit++, rest >>= 3) {
      for (let channel = 0; channel < 3; channel++) {
        color[channel]! |= ((rest >> channel) & 1) << (7 - bit);
      }
    }
    return color;
  });
}

/** Each pixel's object, the later ones on top; 0 where there is none. @returns `[height, width]` */
export function trackLabels({
  width,
  height,
  objects,
}: Pick<TrackFrame, 'width' | 'height'> & {
  readonly objects: readonly Pick<TrackFrame['objects'][number], 'object' | 'rle'>[];
}): Uint8Array<ArrayBuffer> {
  const labels = new Uint8Array(width * height);
  for (const { object, rle } of objects) {
    const { data } = decodeRle(fromCompressedRle(rle));
    data.forEach((inside, pixel) => {
      if (inside !== 0) labels[pixel] = object;
    });
  }
  return labels;
}

/** A PNG whose pixels are the numbers of objects, below 256; its palette shows them in colours. */
export function encodeLabelPng(frame: Parameters<typeof trackLabels>[0]): Promise<Blob> {
  return encodeIndexedPng(trackLabels(frame), frame, davisPalette());
}
