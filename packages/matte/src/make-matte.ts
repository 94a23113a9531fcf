import {
  type AlphaMask,
  assertPixelSource,
  type Bitmap,
  Mask,
  type PixelSource,
} from '@samgpu/mask';

import { type Band, chooseBand } from './band.ts';
import { type CellRange, type EdgeCells, findEdgeCells } from './edge-cells.ts';
import { EdgeEstimate } from './edge-estimate.ts';
import { Matte } from './matte.ts';
import { Pause } from './pause.ts';
import { sampleCells } from './separation/cell-samples.ts';
import { separateColors, type SeparationScale } from './separation/separate-colors.ts';
import { estimateTile, type SolvedTile, solveTile } from './solve-tile.ts';
import { edgeTiles } from './tiles.ts';

/** How far {@link matte} has come. */
export interface MatteProgress {
  /** Parts of the edge that are done. */
  readonly done: number;
  readonly total: number;
}

/** How {@link matte} works. */
export interface MatteOptions {
  /**
   * How far outside of the mask's outline hair and soft edges are looked for, in pixels, and a quarter
   * of it inside. Default `'auto'`: 24 pixels for each 512 of the picture's longer side, and up to half
   * as much again where the logits of the mask leave its outline vague.
   */
  readonly band?: number | 'auto';
  /**
   * - `'fast'`: each pixel by its colour, with a guided filter that weighs how well colours tell
   * - `'best'`, the default: from there on by closed-form matting, which also sees how neighbouring
   *   pixels hang together. It takes about three times as long.
   */
  readonly method?: 'fast' | 'best';
  /** Gives up with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MatteProgress) => void;
}

/**
 * What lies this close to 0 or 1 is haze that noise and texture leave, not the object: so much always,
 * and so many standard deviations of the estimate.
 */
const HAZE = 0.03;
const HAZE_DEVIATIONS = 0.4;

/** Where next to nothing is known, a pixel still goes over from one side to the other, not at once. */
const MOST_HAZE = 0.45;

/**
 * Finds how much of each pixel along the edge of an object belongs to it: hair, fur, soft and thin
 * edges that a mask can only cut through.
 *
 * @param image - RGBA or RGB, as it was segmented
 * @param mask - of the object, such as a segmentation model gives
 * @throws MaskError `invalid-size`, `size-mismatch` or `invalid-option`
 */
export async function matte(
  image: PixelSource,
  mask: Mask | Bitmap,
  { band: asked = 'auto', method = 'best', signal, onProgress }: MatteOptions = {},
): Promise<Matte> {
  assertPixelSource(image, mask);
  const pause = new Pause(signal);
  const band = chooseBand(asked, image, mask instanceof Mask ? mask.logits : undefined);
  const bitmap: Bitmap = { width: mask.width, height: mask.height, data: mask.data };
  const alpha = new Uint8Array(bitmap.data.length);
  for (let i = 0; i < alpha.length; i++) alpha[i] = bitmap.data[i]! * 255;
  const result: Pick<AlphaMask, 'width' | 'height' | 'alpha'> = {
    width: mask.width,
    height: mask.height,
    alpha,
  };

  const side = Math.max(1, Math.round(band.unit));
  const margin = Math.max(...scalesOf(band).map(({ radius }) => radius));
  const cells = findEdgeCells(bitmap, side, band.outside + margin + 2 * side);
  if (cells.range === undefined) return new Matte(result, image);
  const range = widened(cells, cells.range, Math.ceil((band.outside + margin) / side));
  await pause.maybe();
  const separation = await separateColors(sampleCells(image, bitmap, cells, range), {
    scales: scalesOf(band),
    side,
    reach: band.outside + SMOOTHING_UNITS * band.unit,
    smoothing: SMOOTHING_UNITS * band.unit,
    pause,
  });
  const estimate = new EdgeEstimate(image, bitmap, cells, range, separation, band);
  const tiles = edgeTiles(cells, image, band.outside);
  for (const [done, tile] of tiles.entries()) {
    onProgress?.({ done, total: tiles.length });
    await pause.maybe();
    const solved =
      method === 'best'
        ? solveTile(image, bitmap, estimate, tile)
        : estimateTile(estimate, bitmap, tile);
    writeTile(solved, tile, result);
  }
  onProgress?.({ done: tiles.length, total: tiles.length });
  return new Matte(result, image);
}

/** Windows by which colours are separated, in units of the band. */
function scalesOf({ unit }: Band): SeparationScale[] {
  return [
    { radius: 6 * unit, trusted: 6 * unit },
    { radius: 12 * unit, trusted: 10 * unit },
    { radius: 24 * unit, trusted: 24 * unit },
  ];
}

const SMOOTHING_UNITS = 4;

function widened({ width, height }: EdgeCells, range: CellRange, by: number): CellRange {
  return {
    left: Math.max(0, range.left - by),
    top: Math.max(0, range.top - by),
    right: Math.min(width, range.right + by),
    bottom: Math.min(height, range.bottom + by),
  };
}

function writeTile(
  { region, opacity, certainty }: SolvedTile,
  { left, top, width, height }: SolvedTile['region'],
  matte: Pick<AlphaMask, 'width' | 'alpha'>,
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
