import { copyToRgba, type PixelSource } from '@samgpu/mask';
import type { PixelImage } from 'samgpu';

/** The picture that is open. */
export interface Picture {
  readonly name: string;
  /** What it was opened from, to be kept as it is; a PNG of it where it came in layers. */
  readonly file: Blob;
  readonly image: PixelImage;
  /** The same with fewer pixels, for small drawings of it. */
  readonly preview: ImageBitmap;
}

/** Longest side of a preview. */
const PREVIEW = 1600;

/** @param file - undefined for a picture that came in layers */
export async function makePicture(
  name: string,
  image: PixelImage,
  file: Blob | undefined,
): Promise<Picture> {
  const { width, height } = image;
  const scale = Math.min(1, PREVIEW / Math.max(width, height));
  const preview = await createImageBitmap(new ImageData(rgbaOf(image), width, height), {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
    resizeQuality: 'high',
  });
  return { name, image, file: file ?? (await pngOf(image)), preview };
}

export async function pngOf(image: PixelSource): Promise<Blob> {
  const { encodePng } = await import('@samgpu/document');
  return encodePng(image);
}

/** A small PNG for lists. */
export async function thumbnailOf({ preview }: Picture, longest = 320): Promise<Blob> {
  const scale = Math.min(1, longest / Math.max(preview.width, preview.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(preview.width * scale));
  canvas.height = Math.max(1, Math.round(preview.height * scale));
  const context = canvas.getContext('2d');
  if (context !== null) {
    context.imageSmoothingQuality = 'high';
    context.drawImage(preview, 0, 0, canvas.width, canvas.height);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser could not draw a small picture.'));
      else resolve(blob);
    }, 'image/png');
  });
}

/** Without a copy where the pixels are RGBA already. */
function rgbaOf(image: PixelImage): Uint8ClampedArray<ArrayBuffer> {
  const { channels, data } = image;
  return channels === 4
    ? new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length)
    : copyToRgba(image);
}
