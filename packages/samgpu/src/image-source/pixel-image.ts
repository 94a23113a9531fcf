import { ImageError } from './image-error.ts';

/** Decoded 8-bit sRGB pixels. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  /** 3 for RGB, 4 for RGBA with straight (not premultiplied) alpha. */
  readonly channels: 3 | 4;
  /** Row-major and interleaved: `[height, width, channels]`. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/**
 * Checks that the data of an image fits its shape.
 *
 * @throws ImageError `empty` for zero pixels, `invalid-pixels` for anything else that does not fit.
 */
export function assertPixelImage(image: PixelImage): void {
  const { width, height, channels, data } = image;
  if (width === 0 || height === 0) {
    throw new ImageError(
      'empty',
      `The image is ${width} x ${height}; it needs at least one pixel.`,
    );
  }
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 0 || height < 0) {
    throw new ImageError(
      'invalid-pixels',
      `The image is ${width} x ${height}; width and height must be positive whole numbers.`,
    );
  }
  if (channels !== 3 && channels !== 4) {
    throw new ImageError(
      'invalid-pixels',
      `The image has ${String(channels)} channels; give 3 (RGB) or 4 (RGBA).`,
    );
  }
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    throw new ImageError(
      'invalid-pixels',
      'The data of the image must be a Uint8Array or a Uint8ClampedArray with 8 bits per channel.',
    );
  }
  const expected = width * height * channels;
  if (data.length !== expected) {
    throw new ImageError(
      'invalid-pixels',
      `The image has ${data.length} bytes; ${width} x ${height} pixels of ${channels} channels need ${expected}.`,
    );
  }
}
