import { assertPixelSource, type Bitmap, Mask, type PixelSource } from '@samgpu/mask';

import { type Band, chooseBand } from './band.ts';
import { type CellRange, type EdgeCells, findEdgeCells } from './edge-cells.ts';
import { EdgeEstimate } from './edge-estimate.ts';
import { Matte } from './matte.ts';
import { Pause } from './pause.ts';
import type { MatteDevice } from './matte-device.ts';
import { matteOnDevice } from './matte-on-device.ts';
import { sampleCells } from './separation/cell-samples.ts';
import {
  separateColors,
  type SeparationOptions,
  type SeparationScale,
} from './separation/separate-colors.ts';
import { estimateTile, solveTile } from './solve-tile.ts';
import { edgeTiles } from './tiles.ts';
import { type WritableAlpha, writeTile } from './write-tile.ts';

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
  /**
   * Where it is made, such as `mattes` of a backend of `@samgpu/webgpu`. By default, and where a device
   * has no room for it, by JavaScript. What comes out is the same but for rounding.
   */
  readonly device?: MatteDevice | undefined;
  /** Gives up with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MatteProgress) => void;
}

/**
 * Finds how much of each pixel along the edge of an object belongs to it: hair, fur, soft and thin
 * edges that a mask can only cut through.
 *
 * @param image - RGBA or RGB, as it was segmented
 * @param mask - of the object, such as a segmentation model gives
 * @throws MaskError `invalid-size`, `size-mismatch` or `invalid-option`
 * @throws whatever the device throws, for example a `WebGpuError` with `device-lost`
 */
export async function matte(
  image: PixelSource,
  mask: Mask | Bitmap,
  { band: asked = 'auto', method = 'best', device, signal, onProgress }: MatteOptions = {},
): Promise<Matte> {
  assertPixelSource(image, mask);
  const pause = new Pause(signal);
  const band = chooseBand(asked, image, mask instanceof Mask ? mask.logits : undefined);
  const bitmap: Bitmap = { width: mask.width, height: mask.height, data: mask.data };
  const alpha = new Uint8Array(bitmap.data.length);
  for (let i = 0; i < alpha.length; i++) alpha[i] = bitmap.data[i]! * 255;
  const result: WritableAlpha = {
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
  const samples = sampleCells(image, bitmap, cells, range);
  const separation: SeparationOptions = {
    scales: scalesOf(band),
    side,
    reach: band.outside + SMOOTHING_UNITS * band.unit,
    smoothing: SMOOTHING_UNITS * band.unit,
  };
  const tiles = edgeTiles(cells, image, band.outside);
  const onTile = (done: number): void => onProgress?.({ done, total: tiles.length });
  const subject = { image, mask: bitmap, band, cells, range, samples, separation, tiles, method };
  const isDone =
    device !== undefined && (await matteOnDevice(device, { ...subject, pause, onTile }, result));
  if (!isDone) {
    const lines = await separateColors(samples, separation, pause);
    const estimate = new EdgeEstimate(image, bitmap, cells, range, lines, band);
    for (const [done, tile] of tiles.entries()) {
      onTile(done);
      await pause.maybe();
      const solved =
        method === 'best'
          ? solveTile(image, bitmap, estimate, tile)
          : estimateTile(estimate, bitmap, tile);
      writeTile(solved, tile, result);
    }
  }
  onTile(tiles.length);
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
