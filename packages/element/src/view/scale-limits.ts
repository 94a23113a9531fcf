import type { Size } from '@samgpu/mask';

import { fitView, type ScaleLimits } from './view.ts';

/** What an application may set, in CSS pixels per pixel of the picture. */
export interface ScaleLimitOptions {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/**
 * How far a picture may be made larger and smaller: from half of what fits, so that its surroundings
 * can be seen, to pixels that are as large as a fingertip.
 */
export function scaleLimits(
  image: Size,
  element: Size,
  { minimum, maximum }: ScaleLimitOptions = {},
): ScaleLimits {
  const fit = fitView(image, element).scale;
  const most = maximum ?? Math.max(LARGEST_PIXEL, fit * 2);
  const least = minimum ?? Math.min(fit, 1) / 2;
  return { minimum: Math.min(least, most), maximum: most };
}

const LARGEST_PIXEL = 32;
