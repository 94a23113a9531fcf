import { type Bitmap, distanceTransform } from '@samgpu/mask';

import type { Position } from './session-prompt.ts';

/** The middle of the thickest part of a region; undefined where it is empty. */
export function interiorPoint(region: Bitmap): Position | undefined {
  const distances = distanceTransform(region, { signed: true });
  let best = -1;
  for (let i = 0; i < distances.length; i++) {
    if (distances[i]! < 0 && (best < 0 || distances[i]! < distances[best]!)) best = i;
  }
  if (best < 0) return undefined;
  const { width } = region;
  return { x: (best % width) + 0.5, y: Math.floor(best / width) + 0.5 };
}
