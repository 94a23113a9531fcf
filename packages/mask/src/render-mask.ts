import type { Box } from './box.ts';
import type { Bitmap } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import {
  assertPixelSource,
  toRgbaImage,
  type PixelSource,
  type RgbaColor,
  type RgbaImage,
  type RgbColor,
} from './rgba-image.ts';

/** How a mask itself is drawn. */
export interface MaskImageOptions {
  /** Colour of the pixels inside. Default white. */
  readonly color?: RgbColor;
  /** Opacity of the pixels inside, 0 to 255. Default 255. */
  readonly alpha?: number;
  /** Colour of the pixels outside. Default transparent black. */
  readonly background?: RgbaColor;
}

/** Draws a bitmap in two colours. */
export function renderMask(
  { width, height, data }: Bitmap,
  { color = [255, 255, 255], alpha = 255, background = [0, 0, 0, 0] }: MaskImageOptions = {},
): RgbaImage {
  const pixels = new Uint32Array(width * height);
  const inside = packColor([...color, alpha]);
  const outside = packColor(background);
  // Transparent black is there already.
  if (outside !== 0) pixels.fill(outside);
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) pixels[i] = inside;
  return toRgbaImage(new Uint8ClampedArray(pixels.buffer), { width, height });
}

/** A pixel as one number in the byte order of this machine, clamped to bytes. */
function packColor(color: RgbaColor): number {
  return new Uint32Array(Uint8ClampedArray.from(color).buffer)[0]!;
}

/**
 * Copies the pixels of a picture that lie inside the mask; all others are transparent black, so that
 * nothing of the background hides in the file.
 *
 * @param area - the part to return, in pixels of the picture
 * @throws {@link MaskError} `size-mismatch`, or `empty-mask` when `area` has no pixels
 */
export function cutOut(bitmap: Bitmap, source: PixelSource, area: Box): RgbaImage {
  assertPixelSource(source, bitmap);
  if (area.width === 0 || area.height === 0) {
    throw new MaskError(
      'empty-mask',
      'the mask is empty, so there is nothing to crop to: check `mask.area` first, or leave out `crop`.',
    );
  }
  const { channels = 4 } = source;
  const result = new Uint8ClampedArray(area.width * area.height * 4);
  for (let y = 0; y < area.height; y++) {
    const row = (area.y + y) * bitmap.width + area.x;
    for (let x = 0; x < area.width; x++) {
      if (bitmap.data[row + x] === 0) continue;
      const from = (row + x) * channels;
      const to = (y * area.width + x) * 4;
      result[to] = source.data[from]!;
      result[to + 1] = source.data[from + 1]!;
      result[to + 2] = source.data[from + 2]!;
      result[to + 3] = channels === 4 ? source.data[from + 3]! : 255;
    }
  }
  return toRgbaImage(result, area);
}
