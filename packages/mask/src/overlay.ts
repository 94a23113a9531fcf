import type { Bitmap } from './bitmap.ts';
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

/** The line along the edge of a mask. */
export interface OutlineOptions {
  /** Default: the colour of the tint. */
  readonly color?: RgbColor;
  /** In pixels of the image, centred on the outermost pixels of the mask. Default 2. */
  readonly width?: number;
}

/** How a mask is shown on its picture. */
export interface OverlayOptions {
  /** Default a clear blue, which few photographs hold. */
  readonly color?: RgbColor;
  /** Of the tint, 0 to 1. Default 0.5. */
  readonly opacity?: number;
  /** Opaque line along the edge; the edge of the image itself gets none. Default `false`. */
  readonly outline?: boolean | OutlineOptions;
}

/** An overlay with nothing left to choose. */
export interface OverlayStyle {
  readonly color: RgbColor;
  readonly opacity: number;
  /** In pixels of the image; 0 for none. */
  readonly outlineWidth: number;
  readonly outlineColor: RgbColor;
}

/**
 * Fills in what is left open, and checks the rest.
 *
 * @throws {@link MaskError} `invalid-option`
 */
export function overlayStyle({
  color = [30, 144, 255],
  opacity = 0.5,
  outline = false,
}: OverlayOptions = {}): OverlayStyle {
  if (!(opacity >= 0 && opacity <= 1)) {
    throw new MaskError('invalid-option', `overlay opacity ${opacity}: wanted 0 to 1.`);
  }
  if (outline === false) return { color, opacity, outlineWidth: 0, outlineColor: color };
  const { color: outlineColor = color, width = 2 } = outline === true ? {} : outline;
  if (!(width >= 1 && width < Infinity)) {
    throw new MaskError('invalid-option', `outline width ${width}: wanted 1 pixel or more.`);
  }
  return { color, opacity, outlineWidth: width, outlineColor };
}

/**
 * The picture with the mask tinted and outlined.
 *
 * @throws {@link MaskError} `size-mismatch` or `invalid-option`
 */
export function drawOverlay(
  bitmap: Bitmap,
  source: PixelSource,
  options: OverlayOptions = {},
): RgbaImage {
  assertPixelSource(source, bitmap);
  const { color, opacity, outlineWidth, outlineColor } = overlayStyle(options);
  const pixels = copyToRgba(source);
  tint(pixels, bitmap, color, opacity);
  if (outlineWidth > 0) drawOutline(pixels, bitmap, outlineColor, outlineWidth);
  return toRgbaImage(pixels, bitmap);
}

function tint(pixels: Uint8ClampedArray, { data }: Bitmap, color: RgbColor, opacity: number): void {
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) tintPixel(pixels, i * 4, color, opacity);
}

/** Stamps a disc on each pixel inside that has a neighbour outside. */
function drawOutline(
  pixels: Uint8ClampedArray,
  { width, height, data }: Bitmap,
  [red, green, blue]: RgbColor,
  lineWidth: number,
): void {
  const disc = discOffsets(lineWidth / 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      if (data[pixel] === 0) continue;
      const isEdge =
        (x > 0 && data[pixel - 1] === 0) ||
        (x + 1 < width && data[pixel + 1] === 0) ||
        (y > 0 && data[pixel - width] === 0) ||
        (y + 1 < height && data[pixel + width] === 0);
      if (!isEdge) continue;
      for (const [dx, dy] of disc) {
        const [toX, toY] = [x + dx, y + dy];
        if (toX < 0 || toY < 0 || toX >= width || toY >= height) continue;
        const at = (toY * width + toX) * 4;
        pixels[at] = red;
        pixels[at + 1] = green;
        pixels[at + 2] = blue;
        pixels[at + 3] = 255;
      }
    }
  }
}

function discOffsets(radius: number): [dx: number, dy: number][] {
  const reach = Math.floor(radius);
  const offsets: [number, number][] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if (dx * dx + dy * dy <= radius * radius) offsets.push([dx, dy]);
    }
  }
  return offsets;
}
