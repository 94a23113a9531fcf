import { type ImageKernel, packParameters } from '../image/image-kernel.ts';
import type { Kernel } from '../kernel.ts';
import { source as estimateTilesSource } from './estimate-tiles.wgsl.ts';
import type { EstimateRules, LevelRules } from './matte-rules.ts';
import { type TileBatch, tileKernel } from './matte-tiles.ts';
import { LINE_NUMBERS } from './separation.ts';
import { source as tilesSource } from './tiles.wgsl.ts';
import { source as writeLevelsSource } from './write-levels.wgsl.ts';

export interface EstimateOptions {
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
  /** The cells that lines are known of. */
  readonly grid: {
    /** Of a cell, in pixels. */
    readonly side: number;
    /** In cells of the picture. */
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Pixels to both sides of the outline where its mask is in doubt. */
  readonly outside: number;
  readonly inside: number;
  /** Whether what is sure is told from what is to be solved for. */
  readonly settles: boolean;
}

/**
 * Opacities by colour and mask.
 *
 * Bindings: parameters, tiles, lines of `smoothLinesKernel`, pixels (red, green, blue, and 1 inside
 * the mask, of a byte each), opacity, certainty. With `settles` the certainty of opacities that are given is 0.
 */
export function estimateTilesKernel(
  batch: TileBatch,
  { width, height, grid, outside, inside, settles }: EstimateOptions,
  rules: EstimateRules,
): ImageKernel {
  const parameters = packParameters([
    width,
    height,
    grid.side,
    grid.left,
    grid.top,
    grid.width,
    grid.height,
    Number(settles),
    { float: outside },
    { float: inside },
  ]);
  const each = batch.pixels * 4;
  return {
    parameters,
    kernel: tileKernel(batch, {
      label: 'estimate-tiles',
      source: `${estimateTilesSource}\n${tilesSource}`,
      constants: {
        DOUBT_ON_OUTLINE: rules.doubtOnOutline,
        LEAST_DOUBT: rules.leastDoubt,
        SETTLED: rules.settled,
        SETTLED_CERTAINTY: rules.settledCertainty,
      },
      parameters: parameters.byteLength,
      read: { lines: grid.width * grid.height * LINE_NUMBERS * 4, pixels: each },
      write: { opacity: each, certainty: each },
      flops: 80,
    }),
  };
}

/**
 * Opacities of tiles, without their margins, as levels.
 *
 * Bindings: tiles, opacity, certainty, levels: rows of `levelRowWords` words, a byte per pixel.
 */
export function writeLevelsKernel(batch: TileBatch, rules: LevelRules): Kernel {
  const each = batch.pixels * 4;
  return tileKernel(batch, {
    label: 'write-levels',
    source: `${writeLevelsSource}\n${tilesSource}`,
    constants: {
      HAZE: rules.haze,
      HAZE_DEVIATIONS: rules.hazeDeviations,
      MOST_HAZE: rules.mostHaze,
    },
    read: { opacity: each, certainty: each },
    write: { levels: batch.words * 4 },
    flops: 8,
  });
}
