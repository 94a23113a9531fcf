import type { ImageInput } from './image-input.ts';
import { assertPixelImage, type PixelImage } from './pixel-image.ts';

/**
 * The source as pixels if it is raw pixels already: a `PixelImage`, or RGBA in the shape of
 * `ImageData`. The data is used in place, not copied.
 *
 * @throws ImageError if the data does not fit the shape.
 */
export function asRawPixels(source: ImageInput): PixelImage | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  if (!('data' in source && 'width' in source && 'height' in source)) return undefined;
  const { width, height, data } = source;
  const channels = 'channels' in source ? source.channels : 4;
  const image: PixelImage = { width, height, channels, data };
  assertPixelImage(image);
  return image;
}
