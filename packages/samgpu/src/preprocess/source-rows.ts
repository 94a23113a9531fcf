import type { PixelImage } from '../image-source/pixel-image.ts';

/** RGB bytes that start at `offset` of `bytes`; `bytes` may be reused by the next read. */
export interface RgbRow {
  readonly bytes: Uint8Array | Uint8ClampedArray;
  readonly offset: number;
}

/**
 * Gives the rows of an image as RGB.
 *
 * RGB rows are read in place. Rows with alpha are composited over white into one reused row, so
 * that no copy of the image is made.
 */
export class SourceRows {
  readonly width: number;
  readonly height: number;
  readonly #image: PixelImage;
  readonly #composited: Uint8Array; // [width, 3], or empty for RGB

  constructor(image: PixelImage) {
    this.width = image.width;
    this.height = image.height;
    this.#image = image;
    this.#composited = new Uint8Array(image.channels === 4 ? image.width * 3 : 0);
  }

  read(y: number): RgbRow {
    const { data, channels, width } = this.#image;
    const offset = y * width * channels;
    if (channels === 3) return { bytes: data, offset };
    compositeOverWhite(data, offset, this.#composited);
    return { bytes: this.#composited, offset: 0 };
  }
}

function compositeOverWhite(
  rgba: Uint8Array | Uint8ClampedArray,
  start: number,
  rgb: Uint8Array,
): void {
  for (let to = 0, from = start; to < rgb.length; to += 3, from += 4) {
    const alpha = rgba[from + 3]!;
    if (alpha === 255) {
      rgb[to] = rgba[from]!;
      rgb[to + 1] = rgba[from + 1]!;
      rgb[to + 2] = rgba[from + 2]!;
    } else {
      const white = 255 * (255 - alpha) + 127; // 127 rounds the division to the nearest
      rgb[to] = (rgba[from]! * alpha + white) / 255;
      rgb[to + 1] = (rgba[from + 1]! * alpha + white) / 255;
      rgb[to + 2] = (rgba[from + 2]! * alpha + white) / 255;
    }
  }
}
