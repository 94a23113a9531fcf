import { alphaBounds, type AlphaMask } from './alpha-mask.ts';
import { assertBitmap, type Bitmap } from './bitmap.ts';
import { distanceTransform } from './distance-transform.ts';
import { MaskError } from './mask-error.ts';
import { pictureOf, windowAround } from './mask-window.ts';

/**
 * A mask with a soft edge: alpha rises from 0 to 255 over `radius` pixels to both sides of the outline,
 * along a smooth step. Unlike a blur it keeps parts that are thinner than that.
 *
 * @param radius - in pixels
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function featherMask(mask: Bitmap, radius: number): AlphaMask {
  assertBitmap(mask);
  if (!(radius >= 0 && radius < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `feather by ${radius} pixels: wanted a number from 0 on. 0 leaves the edge hard.`,
    );
  }
  const { width, height } = mask;
  const window = windowAround(mask, Math.ceil(radius) + 1);
  if (window === undefined) {
    const bounds = { x: 0, y: 0, width: 0, height: 0 };
    return { width, height, bounds, alpha: new Uint8Array(width * height) };
  }
  const distances = distanceTransform(window, { signed: true, limit: radius + 2 });
  const soft = new Uint8Array(distances.length);
  for (let i = 0; i < soft.length; i++) {
    const distance = distances[i]!;
    if (distance > radius + 0.5) continue;
    soft[i] = distance < -radius - 0.5 ? 255 : alphaAt(distance, radius);
  }
  const { box } = window;
  const inner = alphaBounds(soft, window);
  const bounds = { ...inner, x: inner.x + box.x, y: inner.y + box.y };
  return { width, height, bounds, alpha: pictureOf(soft, box, mask) };
}

/** @param distance - to the nearest pixel of the other kind; the outline lies half a pixel before it */
function alphaAt(distance: number, radius: number): number {
  const outward = distance > 0 ? distance - 0.5 : distance + 0.5;
  if (radius === 0) return outward < 0 ? 255 : 0;
  const share = Math.min(1, Math.max(0, 0.5 - outward / (2 * radius)));
  return Math.round(255 * share * share * (3 - 2 * share));
}
