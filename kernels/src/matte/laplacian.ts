import type { Kernel } from '../kernel.ts';
import { source as colorWindowSource } from './color-window.wgsl.ts';
import { source as coursesSource } from './courses.wgsl.ts';
import { source as fitWindowsSource } from './fit-windows.wgsl.ts';
import { source as groupSumSource } from './group-sum.wgsl.ts';
import { source as invertDiagonalSource } from './invert-diagonal.wgsl.ts';
import type { ClosedFormRules } from './matte-rules.ts';
import { courseBytes, type TileBatch, tileKernel } from './matte-tiles.ts';
import { source as multiplyLaplacianSource } from './multiply-laplacian.wgsl.ts';
import { source as solveSymmetricSource } from './solve-symmetric.wgsl.ts';
import { source as tilesSource } from './tiles.wgsl.ts';

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
    source: `${fitWindowsSource}\n${windowSources}\n${coursesSource}`,
    constants: { REGULARIZATION: regularization },
    read: { courses: courseBytes(batch), pixels: each, certainty: each, values: each },
    write: { fits: 4 * each },
    flops: 250,
  });
}

/**
 * Second pass: what remains of the values, summed over the nine windows that each pixel is in, and
 * what pulls at it. Zero where the certainty is; blocks without any other are left alone.
 *
 * Bindings: tiles, courses, pixels, certainty, values, fits, product, parts: a sum of values times
 * products per block.
 */
export function multiplyLaplacianKernel(
  batch: TileBatch,
  { regularization, pull }: WindowRules & Pick<ClosedFormRules, 'pull'>,
): Kernel {
  const each = batch.pixels * 4;
  return tileKernel(batch, {
    label: 'multiply-laplacian',
    source: `${multiplyLaplacianSource}\n${windowSources}\n${coursesSource}\n${groupSumSource}`,
    constants: { REGULARIZATION: regularization, PULL: pull },
    read: {
      courses: courseBytes(batch),
      pixels: each,
      certainty: each,
      values: each,
      fits: 4 * each,
    },
    write: { product: each, parts: batch.blocks * 4 },
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
