import { type PixelImage, readImage } from 'samgpu';

import type { Picture } from '../inputs/picture.ts';

/** The pixels of a picture, and how long it took to get them, in milliseconds. */
export interface ReadPicture {
  readonly pixels: PixelImage;
  readonly duration: number;
}

/** @throws ImageError */
export async function readPicture(
  { file }: Picture,
  maxPixels: number | undefined,
): Promise<ReadPicture> {
  const start = performance.now();
  const pixels = await readImage(file, maxPixels === undefined ? {} : { maxPixels });
  return { pixels, duration: performance.now() - start };
}
