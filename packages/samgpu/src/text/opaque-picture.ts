import type { PixelImage } from '../image-source/index.ts';
import { SourceRows } from '../preprocess/source-rows.ts';

/** A picture as models see it: what is transparent lies over white. The given one where nothing is. */
export function opaquePicture(picture: PixelImage): PixelImage {
  const { width, height, channels, data } = picture;
  if (channels === 3 || isOpaque(data)) return picture;
  const rows = new SourceRows(picture);
  const rgb = new Uint8Array(width * height * 3); // [height, width, 3]
  for (let y = 0; y < height; y++) {
    const { bytes, offset } = rows.read(y);
    rgb.set(bytes.subarray(offset, offset + width * 3), y * width * 3);
  }
  return { width, height, channels: 3, data: rgb };
}

function isOpaque(rgba: Uint8Array | Uint8ClampedArray): boolean {
  for (let i = 3; i < rgba.length; i += 4) {
    if (rgba[i] !== 255) return false;
  }
  return true;
}
