import { encodePng } from '@samgpu/document';
import type { PixelImage } from 'samgpu';

/** The class of transformers.js for decoded pictures. */
export type RawImageClass = new (
  data: Uint8ClampedArray | Uint8Array,
  width: number,
  height: number,
  channels: 1 | 2 | 3 | 4,
) => unknown;

/**
 * A picture as transformers.js takes it: its own class where that is given, else a canvas in browsers
 * and a PNG elsewhere.
 */
export async function pictureInput(
  picture: PixelImage,
  RawImage: RawImageClass | undefined,
): Promise<unknown> {
  const { width, height, channels, data } = picture;
  if (RawImage !== undefined) return new RawImage(data, width, height, channels);
  if (typeof OffscreenCanvas === 'undefined') return encodePng(picture);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(rgbaOf(picture), width, height), 0, 0);
  return canvas;
}

function rgbaOf({ width, height, channels, data }: PixelImage): Uint8ClampedArray<ArrayBuffer> {
  if (channels === 4) return new Uint8ClampedArray(data);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
  }
  return rgba;
}

/**
 * The picture with grey at its right or bottom, so that it is as wide as high: what OWLv2 was trained
 * on. Its processor in transformers.js stretches pictures instead.
 */
export function squarePicture(picture: PixelImage): PixelImage {
  const { width, height, channels, data } = picture;
  const side = Math.max(width, height);
  if (width === height) return picture;
  const square = new Uint8Array(side * side * channels).fill(128); // [side, side, channels]
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width * channels, (y + 1) * width * channels);
    square.set(row, y * side * channels);
  }
  if (channels === 4) for (let i = 3; i < square.length; i += 4) square[i] = 255;
  return { width: side, height: side, channels, data: square };
}
