import {
  alphaBounds,
  bitmapFrom,
  type Box,
  encodeRle,
  Mask,
  type RgbaImage,
  type Size,
  uncropMask,
} from '@samgpu/mask';

import { wholeBox } from './boxes.ts';
import { copyPixels } from './copy-pixels.ts';
import type { Budget } from './limits.ts';
import type { ReadObject } from './picture-document.ts';

/** From here on a pixel is more the object's than not. */
const half = 128;

/** Levels within a part of a picture; beside it all are 0. */
export interface AlphaArea {
  readonly box: Box;
  /** Share of the object in each pixel, 0 to 255. */
  readonly alpha: Uint8Array; // [box.height, box.width]
}

/** An object as a layer describes it. */
export interface AlphaObject extends Pick<ReadObject, 'name' | 'color' | 'visible'> {
  readonly opacity?: number;
  readonly area: AlphaArea;
  /** Of the picture. */
  readonly size: Size;
  /** Soft edges take a byte for each pixel of the picture. */
  readonly budget: Budget;
  /** The object's own colours within a box of the picture. */
  readonly colors?: ((box: Box) => Promise<RgbaImage>) | undefined;
}

/**
 * An object with a mask, and a matte only where the edges are soft.
 *
 * @returns undefined where nothing of it shows
 * @throws DocumentError `too-large`
 */
export async function objectFromAlpha({
  name,
  color,
  visible,
  opacity = 1,
  area: { box, alpha },
  size,
  budget,
  colors,
}: AlphaObject): Promise<ReadObject | undefined> {
  if (box.width === 0 || box.height === 0) return undefined;
  const inner = alphaBounds(alpha, box);
  if (inner.width === 0) return undefined;
  const inside = new Uint8Array(alpha.length);
  let isSoft = false;
  for (let i = 0; i < alpha.length; i++) {
    const level = alpha[i]!;
    inside[i] = level >= half ? 1 : 0;
    isSoft ||= level !== 0 && level !== 255;
  }
  const cropped = encodeRle(bitmapFrom(inside, box.width, box.height));
  const object = {
    name,
    color,
    visible,
    mask: Mask.fromRle(uncropMask(cropped, box, size)),
    ...(opacity !== 1 && { opacity }),
  };
  if (!isSoft) return object;
  const { width, height } = size;
  budget.take(width * height);
  const whole = copyPixels(alpha, box, new Uint8Array(width * height), wholeBox(size));
  const bounds = { ...inner, x: box.x + inner.x, y: box.y + inner.y };
  const clean = await colors?.(bounds);
  const foreground = clean === undefined ? {} : { foreground: () => clean };
  return { ...object, matte: { width, height, alpha: whole, bounds, ...foreground } };
}
