import type { AlphaMask } from '@samgpu/mask';

import type { MatteRules } from './matte-device.ts';
import type { SolvedTile } from './solve-tile.ts';

/** What a matte is written to. */
export type WritableAlpha = Pick<AlphaMask, 'width' | 'height' | 'alpha'>;

/**
 * What lies this close to 0 or 1 is haze that noise and texture leave, not the object: so much always,
 * and so many standard deviations of the estimate.
 */
const HAZE = 0.03;
const HAZE_DEVIATIONS = 0.4;

/** Where next to nothing is known, a pixel still goes over from one side to the other, not at once. */
const MOST_HAZE = 0.45;

/** How opacities become levels. */
export const levelRules: MatteRules['levels'] = {
  haze: HAZE,
  hazeDeviations: HAZE_DEVIATIONS,
  mostHaze: MOST_HAZE,
};

/** Writes the levels of a tile, without what surrounds it. */
export function writeTile(
  { region, opacity, certainty }: SolvedTile,
  { left, top, width, height }: SolvedTile['region'],
  matte: WritableAlpha,
): void {
  for (let y = top; y < top + height; y++) {
    let from = (y - region.top) * region.width + left - region.left;
    let to = y * matte.width + left;
    for (let x = 0; x < width; x++, from++, to++) {
      const doubt = HAZE_DEVIATIONS / Math.sqrt(certainty[from]!);
      const haze = Math.min(MOST_HAZE, HAZE + doubt);
      const share = (opacity[from]! - haze) / (1 - 2 * haze);
      matte.alpha[to] = share <= 0 ? 0 : share >= 1 ? 255 : Math.round(share * 255);
    }
  }
}
