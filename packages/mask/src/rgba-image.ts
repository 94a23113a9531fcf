import type { Size } from './size.ts';
import { assertSameSize } from './bitmap.ts';
import { MaskError } from './mask-error.ts';

/**
 * RGBA pixels with straight alpha: a real `ImageData` where the platform has the class, elsewhere
 * an object of the same shape.
 */
export interface RgbaImage extends Size {
  readonly data: Uint8ClampedArray<ArrayBuffer>; // [height, width, 4]
  readonly colorSpace: 'srgb';
}

/** Pixels of the picture that a mask belongs to. `ImageData` is one. */
export interface PixelSource extends Size {
  /** 4, the default, for RGBA with straight alpha; 3 for RGB. */
  readonly channels?: 3 | 4;
  readonly data: Uint8Array | Uint8ClampedArray; // [height, width, channels]
}

/** Red, green and blue, 0 to 255. */
export type RgbColor = readonly [red: number, green: number, blue: number];

/** Red, green, blue and alpha, 0 to 255. */
export type RgbaColor = readonly [red: number, green: number, blue: number, alpha: number];

/** Wraps pixels as what the platform's canvas takes. */
export function toRgbaImage(
  data: Uint8ClampedArray<ArrayBuffer>,
  { width, height }: Size,
): RgbaImage {
  if (typeof ImageData === 'function') {
    return new ImageData(data, width, height, { colorSpace: 'srgb' }) as RgbaImage;
  }
  return { data, width, height, colorSpace: 'srgb' };
}

/**
 * @throws {@link MaskError} `size-mismatch` when the picture does not fit the mask or itself
 */
export function assertPixelSource(source: PixelSource, mask: Size): void {
  assertSameSize(source, mask);
  const { width, height, channels = 4, data } = source;
  const wanted = width * height * channels;
  if (data.length !== wanted) {
    throw new MaskError(
      'size-mismatch',
      `picture data of ${data.length} bytes for ${width}x${height} with ${channels} channels: ` +
        `wanted ${wanted}. For RGB pixels set channels to 3.`,
    );
  }
}

/** The picture as RGBA bytes of its own, free to be written to. */
export function copyToRgba(source: PixelSource): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, channels = 4, data } = source;
  const rgba = new Uint8ClampedArray(width * height * 4);
  if (channels === 4) {
    rgba.set(data);
    return rgba;
  }
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
    rgba[to + 3] = 255;
  }
  return rgba;
}

/** Lays a colour over a pixel (Porter and Duff's "over", with straight alpha). */
export function tintPixel(
  pixels: Uint8ClampedArray,
  at: number,
  [red, green, blue]: RgbColor,
  opacity: number,
): void {
  const below = (pixels[at + 3]! / 255) * (1 - opacity);
  const alpha = opacity + below;
  if (alpha === 0) return;
  const share = opacity / alpha;
  pixels[at]! += (red - pixels[at]!) * share;
  pixels[at + 1]! += (green - pixels[at + 1]!) * share;
  pixels[at + 2]! += (blue - pixels[at + 2]!) * share;
  pixels[at + 3] = alpha * 255;
}
