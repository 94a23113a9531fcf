import type { Kernel } from '../kernel.ts';
import { source as colorWindowSource } from './color-window.wgsl.ts';
import { source as fitWindowsSource } from './fit-windows.wgsl.ts';
import { source as groupSumSource } from './group-sum.wgsl.ts';
import { source as invertDiagonalSource } from './invert-diagonal.wgsl.ts';
import type { ClosedFormRules } from './matte-rules.ts';
import { type TileBatch, tileKernel } from './matte-tiles.ts';
import { source as multiplyLaplacianSource } from './multiply-laplacian.wgsl.ts';
import { source as solveSymmetricSource } from './solve-symmetric.wgsl.ts';
import { source as tilesSource } from './tiles.wgsl.ts';

/** Bytes of what `courses` holds of a tile. */
export const COURSE_BYTES = 20;

/** `courses` of tiles of which nothing is known yet. */
export function newCourses(tiles: number): Uint32Array<ArrayBuffer> {
  // The last word says that they are to be worked on.
  return Uint32Array.from({ length: tiles * 5 }, (_, word) => Number(word % 5 === 4));
}

const windowSources = `${tilesSource}\n${colorWindowSource}\n${solveSymmetricSource}`;

type WindowRules = Pick<ClosedFormRules, 'regularization'>;

/**
 * First of two passes that multiply by the matting Laplacian (Levin, Lischinski and Weiss 2008): in
 * each window of 3x3 pixels the affine function of colour that fits the values best, in the sense of
 * the regularized covariance.
 *
 * Bindings: tiles, courses, pixels, certainty, values, fits [pixels, 4].
 */
export function fitWindowsKernel(batch: TileBatch, { regularization }: WindowRules): Kernel {
  const each = batch.pixels * 4;
  return tileKernel(batch, {
    label: 'fit-windows',
    source: `${fitWindowsSource}\n${windowSources}`,
    constants: { REGULARIZATION: regularization },
    read: { courses: batch.tiles * COURSE_BYTES, pixels: each, certainty: each, values: each },
    write: { fits: 4 * each },
    flops: 250,
  });
}

/**
 * Second pass: what remains of the values, summed over the nine windows that each pixel is in, and
 * what pulls at it. Zero where the certainty is.
 *
 * Bindings: tiles, courses, pixels, certainty, values, fits, product, parts: a sum of values times
 * products per workgroup.
 */
export function multiplyLaplacianKernel(
  batch: TileBatch,
  { regularization, pull }: WindowRules & Pick<ClosedFormRules, 'pull'>,
): Kernel {
  const each = batch.pixels * 4;
  return tileKernel(batch, {
    label: 'multiply-laplacian',
    source: `${multiplyLaplacianSource}\n${windowSources}\n${groupSumSource}`,
    constants: { REGULARIZATION: regularization, PULL: pull },
    read: {
      courses: batch.tiles * COURSE_BYTES,
      pixels: each,
      certainty: each,
      values: each,
      fits: 4 * each,
    },
    write: { product: each, parts: batch.groups * 4 },
    flops: 90,
  });
}

/**
 * 1 over the diagonal of the equations, which conjugate gradients are preconditioned with.
 *
 * Bindings: tiles, pixels, certainty, inverse.
 */
export function invertDiagonalKernel(
  batch: TileBatch,
  { regularization, pull }: WindowRules & Pick<ClosedFormRules, 'pull'>,
): Kernel {
  const each = batch.pixels * 4;
  return tileKernel(batch, {
    label: 'invert-diagonal',
    source: `${invertDiagonalSource}\n${windowSources}`,
    constants: { REGULARIZATION: regularization, PULL: pull },
    read: { pixels: each, certainty: each },
    write: { inverse: each },
    flops: 2000,
  });
}
