import type { Bitmap, PixelSource } from '@samgpu/mask';

import { solveByConjugateGradients } from './closed-form/conjugate-gradients.ts';
import { mattingLaplacian, type Region } from './closed-form/matting-laplacian.ts';
import type { EdgeEstimate } from './edge-estimate.ts';
import type { MatteRules } from './matte-device.ts';

/** Pixels around a tile that are solved with it, so that its border does not show. */
export const HALO = 16;

/** Rows and columns around those that links may point to. */
const MARGIN = 2;

/** Pixels around a tile that are worked on with it. */
export const TILE_MARGIN: number = HALO + MARGIN;

/** How near to 0 or 1 an estimate has to be to be left there, if it is sure. */
const SETTLED = 0.04;
const SETTLED_CERTAINTY = 40;

/** How strongly the estimate pulls, beside links whose weights add up to about 9. */
const PULL = 1e-3;

const LIMITS = { iterations: 25, tolerance: 1e-2 };

/** Which opacities are left where they are. */
export const settlingRules: Pick<MatteRules['estimate'], 'settled' | 'settledCertainty'> = {
  settled: SETTLED,
  settledCertainty: SETTLED_CERTAINTY,
};

/** How the others are solved for. */
export const solverRules: Omit<MatteRules['closedForm'], 'regularization'> = {
  pull: PULL,
  ...LIMITS,
};

/** Opacities of a tile with what surrounds it. */
export interface SolvedTile {
  readonly region: Region;
  readonly opacity: Float32Array; // [height, width]
  /** Of the estimate: 1 over its variance. */
  readonly certainty: Float32Array; // [height, width]
}

/** The estimate of a tile and a halo around it, and its certainty. */
function estimateRegion(
  estimate: EdgeEstimate,
  mask: Bitmap,
  region: Region,
): { opacity: Float32Array; certainty: Float32Array } {
  const { left, top, width, height } = region;
  const opacity = new Float32Array(width * height);
  const certainty = new Float32Array(width * height).fill(Infinity);
  const fromX = Math.max(0, left);
  const toX = Math.min(mask.width, left + width);
  for (let y = Math.max(0, top); y < Math.min(mask.height, top + height); y++) {
    estimate.readRow(y, fromX, toX, opacity, certainty, (y - top) * width + fromX - left);
  }
  return { opacity, certainty };
}

/** The tile as estimated, without looking at how pixels hang together. */
export function estimateTile(estimate: EdgeEstimate, mask: Bitmap, tile: Region): SolvedTile {
  return { region: tile, ...estimateRegion(estimate, mask, tile) };
}

/** The tile by closed-form matting that is drawn to the estimate. */
export function solveTile(
  image: PixelSource,
  mask: Bitmap,
  estimate: EdgeEstimate,
  tile: Region,
): SolvedTile {
  const region: Region = {
    left: tile.left - TILE_MARGIN,
    top: tile.top - TILE_MARGIN,
    width: tile.width + 2 * TILE_MARGIN,
    height: tile.height + 2 * TILE_MARGIN,
  };
  const { opacity, certainty } = estimateRegion(estimate, mask, region);
  const { width, height } = region;
  const row = new Int32Array(width * height).fill(-1);
  const pixels = new Int32Array(width * height);
  let count = 0;
  for (let y = MARGIN; y < height - MARGIN; y++) {
    for (let x = MARGIN; x < width - MARGIN; x++) {
      const i = y * width + x;
      if (certainty[i] === Infinity) continue;
      const value = opacity[i]!;
      const isSettled = value < SETTLED || value > 1 - SETTLED;
      opacity[i] = value < 0 ? 0 : value > 1 ? 1 : value;
      if (isSettled && certainty[i]! > SETTLED_CERTAINTY) {
        opacity[i] = value < 0.5 ? 0 : 1;
        continue;
      }
      row[i] = count;
      pixels[count] = i;
      count += 1;
    }
  }
  const found = pixels.subarray(0, count);
  const pull = new Float32Array(count);
  const target = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    pull[i] = PULL * certainty[found[i]!]!;
    target[i] = opacity[found[i]!]!;
  }
  const links = mattingLaplacian(image, region, row, count);
  solveByConjugateGradients({ width, pixels: found, links, pull, target }, opacity, LIMITS);
  return { region, opacity, certainty };
}
