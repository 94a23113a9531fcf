import {
  alphaBounds,
  type AlphaMask,
  assertPixelSource,
  type Box,
  Mask,
  MaskError,
  type PixelSource,
  type RgbaImage,
  type RgbColor,
  toRgbaImage,
} from '@samgpu/mask';

import { type CleanColors, cleanColors } from './foreground/clean-colors.ts';

/** How {@link Matte.foreground} cuts. */
export interface ForegroundOptions {
  /** Return only the part within `bounds`. Default `false`: the size of the picture. */
  readonly crop?: boolean;
}

/**
 * How much of each pixel of a picture belongs to an object, and in which colours. Immutable.
 *
 * As plain data it is an `AlphaMask`, which workers and files can pass on; with the picture that
 * makes a matte again.
 */
export class Matte implements AlphaMask {
  readonly width: number;
  readonly height: number;
  /** Share of the object in each pixel, 0 to 255. Shared, not a copy: do not write to it. */
  readonly alpha: Uint8Array; // [height, width]
  readonly #source: PixelSource;
  #bounds: Box | undefined;
  #clean: CleanColors | undefined;

  /**
   * @param alpha - any soft mask of the picture: of `matte`, a feather, one that was painted
   * @param source - the picture; not copied
   * @throws MaskError `invalid-size` or `size-mismatch`
   */
  constructor(alpha: Pick<AlphaMask, 'width' | 'height' | 'alpha'>, source: PixelSource) {
    assertPixelSource(source, alpha);
    const { width, height } = alpha;
    if (alpha.alpha.length !== width * height) {
      throw new MaskError(
        'size-mismatch',
        `alpha of ${alpha.alpha.length} bytes for ${width}x${height}: wanted ${width * height}, ` +
          'one per pixel.',
      );
    }
    this.width = width;
    this.height = height;
    this.alpha = alpha.alpha;
    this.#source = source;
  }

  /** The smallest box around all pixels with something of the object; all zeros for none. */
  get bounds(): Box {
    this.#bounds ??= alphaBounds(this.alpha, this);
    return this.#bounds;
  }

  /**
   * The object cut out, in colours of its own: where it is only part of a pixel, what shone through
   * from behind is taken out of the colour. Straight alpha, times that of the picture; transparent
   * black where nothing of the object is.
   *
   * @throws MaskError `empty-mask` when cropping to nothing
   */
  foreground({ crop = false }: ForegroundOptions = {}): RgbaImage {
    const { width, height } = this;
    const area = crop ? this.bounds : { x: 0, y: 0, width, height };
    if (area.width === 0) {
      throw new MaskError(
        'empty-mask',
        'the matte is empty, so there is nothing to crop to: check `matte.bounds` first, or leave out `crop`.',
      );
    }
    const result = this.#pictureIn(area);
    this.#clean ??= cleanColors(this.#source, this.alpha);
    const { pixels, colors } = this.#clean;
    for (let i = 0; i < pixels.length; i++) {
      const pixel = pixels[i]!;
      const y = Math.floor(pixel / width);
      const to = ((y - area.y) * area.width + pixel - y * width - area.x) * 4;
      result[to] = colors[i * 3]!;
      result[to + 1] = colors[i * 3 + 1]!;
      result[to + 2] = colors[i * 3 + 2]!;
    }
    return toRgbaImage(result, area);
  }

  /** The matte as an image: one colour, white by default, with the alpha of the object. */
  toImageData({
    color: [red, green, blue] = [255, 255, 255],
  }: { readonly color?: RgbColor } = {}): RgbaImage {
    const pixels = new Uint8ClampedArray(this.alpha.length * 4);
    for (let i = 0; i < this.alpha.length; i++) {
      const level = this.alpha[i]!;
      if (level === 0) continue;
      pixels[i * 4] = red;
      pixels[i * 4 + 1] = green;
      pixels[i * 4 + 2] = blue;
      pixels[i * 4 + 3] = level;
    }
    return toRgbaImage(pixels, this);
  }

  /** The pixels that belong to the object by half or more. */
  toMask(): Mask {
    const { width, height, alpha } = this;
    const data = new Uint8Array(alpha.length);
    for (let i = 0; i < alpha.length; i++) data[i] = alpha[i]! >> 7;
    return Mask.fromBitmap({ width, height, data }, { source: () => this.#source });
  }

  /** Pixels of the picture with the matte's alpha. */
  #pictureIn(area: Box): Uint8ClampedArray<ArrayBuffer> {
    const { channels = 4, data } = this.#source;
    const result = new Uint8ClampedArray(area.width * area.height * 4);
    for (let y = 0; y < area.height; y++) {
      let pixel = (area.y + y) * this.width + area.x;
      let to = y * area.width * 4;
      for (let x = 0; x < area.width; x++, pixel++, to += 4) {
        const level = this.alpha[pixel]!;
        if (level === 0) continue;
        const from = pixel * channels;
        result[to] = data[from]!;
        result[to + 1] = data[from + 1]!;
        result[to + 2] = data[from + 2]!;
        result[to + 3] = channels === 4 ? (level * data[from + 3]!) / 255 : level;
      }
    }
    return result;
  }
}
