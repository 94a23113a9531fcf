import type { Bitmap } from './bitmap.ts';
import { distinctColors } from './distinct-colors.ts';
import { labelMap } from './label-map.ts';
import { MaskError } from './mask-error.ts';
import {
  assertPixelSource,
  copyToRgba,
  tintPixel,
  toRgbaImage,
  type PixelSource,
  type RgbaImage,
  type RgbColor,
} from './rgba-image.ts';
import type { Rle } from './run-length.ts';

/** How many masks are shown on their picture. */
export interface DrawMasksOptions {
  /** Of the tints, 0 to 1. Default 0.5. */
  readonly opacity?: number;
  /** Width of the lines around masks in pixels; 0 for none. Default: by the size of the picture. */
  readonly outline?: number;
  /** One for each mask. Default: colours that are easy to tell apart. */
  readonly colors?: readonly RgbColor[];
}

/**
 * The picture with each mask in a colour of its own, smaller ones over larger ones.
 *
 * @param masks - all of the size of the picture
 * @throws {@link MaskError} `size-mismatch`, `invalid-size`, `invalid-rle` or `invalid-option`
 */
export function drawMasks(
  masks: readonly (Rle | Bitmap)[],
  source: PixelSource,
  options: DrawMasksOptions = {},
): RgbaImage {
  assertPixelSource(source, source);
  const { width, height } = source;
  const {
    opacity = 0.5,
    outline = Math.max(1, Math.round(Math.min(width, height) / 400)),
    colors = distinctColors(masks.length),
  } = options;
  if (!(opacity >= 0 && opacity <= 1)) {
    throw new MaskError('invalid-option', `opacity ${opacity}: wanted 0 to 1.`);
  }
  if (!(outline >= 0 && outline <= 100)) {
    throw new MaskError('invalid-option', `outline width ${outline}: wanted 0 to 100 pixels.`);
  }
  if (colors.length < masks.length) {
    throw new MaskError(
      'invalid-option',
      `${colors.length} colours for ${masks.length} masks: wanted one for each.`,
    );
  }
  const labels = labelMap(masks, source);
  const pixels = copyToRgba(source);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = labels[y * width + x]!;
      if (label === 0) continue;
      const isLine = outline > 0 && isNearBorder(labels, source, x, y, Math.ceil(outline / 2));
      tintPixel(pixels, (y * width + x) * 4, colors[label - 1]!, isLine ? lineOpacity : opacity);
    }
  }
  return toRgbaImage(pixels, source);
}

const lineOpacity = 0.95;

/** Whether a pixel of another mask lies within some pixels to the sides, above or below. */
function isNearBorder(
  labels: Int32Array,
  { width, height }: { readonly width: number; readonly height: number },
  x: number,
  y: number,
  reach: number,
): boolean {
  const at = y * width + x;
  const label = labels[at];
  for (let step = 1; step <= reach; step++) {
    if (x >= step && labels[at - step] !== label) return true;
    if (x + step < width && labels[at + step] !== label) return true;
    if (y >= step && labels[at - step * width] !== label) return true;
    if (y + step < height && labels[at + step * width] !== label) return true;
  }
  return false;
}
