import type { Composite, CompositeOptions } from './composite.ts';
import { matteError, unknownRegion } from './matte-error.ts';

/** Pictures with known alpha that mattes are judged by, by what their edges are. */
export const matteCases: Readonly<Record<string, readonly CompositeOptions[]>> = {
  'hair below a pixel': [
    { seed: 11, edge: 'hair', size: 0.6 },
    { seed: 12, edge: 'hair', size: 0.6 },
  ],
  'hair of one to two pixels': [
    { seed: 1, edge: 'hair', size: 1 },
    { seed: 13, edge: 'hair', size: 1.5 },
    { seed: 14, edge: 'hair', size: 1.5 },
  ],
  'hair of three to six pixels': [
    { seed: 2, edge: 'hair', size: 3 },
    { seed: 16, edge: 'hair', size: 6 },
    { seed: 17, edge: 'hair', size: 6 },
  ],
  fur: [
    { seed: 3, edge: 'fur', size: 1 },
    { seed: 18, edge: 'fur', size: 1.5 },
    { seed: 19, edge: 'fur', size: 2 },
  ],
  'soft edges': [
    { seed: 4, edge: 'soft', size: 3 },
    { seed: 20, edge: 'soft', size: 6 },
    { seed: 21, edge: 'soft', size: 5 },
  ],
};

/** Pictures with edges that are sharp. */
export const hardCases: readonly CompositeOptions[] = [6, 22, 23].map((seed) => ({
  seed,
  edge: 'hard',
}));

/** Errors of a matte over those of the mask that it was made of. */
export interface MatteRatio {
  readonly mean: number;
  readonly gradient: number;
}

/**
 * @param outlineDistance - of each pixel from the mask's outline, unsigned
 * @param band - pixels to both sides of the outline that count
 * @param levels - of the matte, 0 to 255
 */
export function matteRatio(
  composite: Composite,
  outlineDistance: ArrayLike<number>,
  band: number,
  levels: Uint8Array,
): MatteRatio {
  const region = unknownRegion(composite, outlineDistance, band);
  const shares = Float32Array.from(levels, (level) => level / 255);
  const ours = matteError(shares, composite, region);
  const before = matteError(composite.mask.data, composite, region);
  return { mean: ours.mean / before.mean, gradient: ours.gradient / before.gradient };
}
