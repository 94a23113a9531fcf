import type { KernelDevice } from '../kernel.ts';
import { findSubgroupMatrix } from './subgroup-matrix.ts';

/**
 * - `tiled-32`, `tiled-64`: tiles of that side in workgroup memory; the larger one reads less, and
 *   wants more registers and more workgroups
 * - `few-rows`: the depth split among the invocations of a workgroup
 * - `subgroup-matrix`: the matrix units of a GPU, where Dawn offers them as an experiment. Rounds
 *   both factors to f16 where weights are f16.
 * - `software`: registers only, for adapters that run on a CPU
 */
export type ProductVariant = 'tiled-32' | 'tiled-64' | 'few-rows' | 'subgroup-matrix' | 'software';

export const PRODUCT_VARIANTS: readonly ProductVariant[] = [
  'tiled-32',
  'tiled-64',
  'few-rows',
  'subgroup-matrix',
  'software',
];

/**
 * The variants that a device runs.
 *
 * @param half - whether factors may be rounded to f16; by default not
 */
export function productVariants(device: KernelDevice, half = false): readonly ProductVariant[] {
  return findSubgroupMatrix(device, half) === undefined
    ? PRODUCT_VARIANTS.filter((variant) => variant !== 'subgroup-matrix')
    : PRODUCT_VARIANTS;
}

export interface ProductSizes {
  /** Of all batches together; by default 1. */
  readonly batch?: number;
  readonly rows: number;
  /** Summed over. */
  readonly depth: number;
  readonly columns: number;
}

/** Rows and columns of `y` that one workgroup makes. */
export const TILES: Readonly<Record<ProductVariant, readonly [rows: number, columns: number]>> = {
  'tiled-32': [32, 32],
  'tiled-64': [64, 64],
  'few-rows': [8, 32],
  'subgroup-matrix': [64, 64],
  software: [8, 32],
};

const MOST_FEW_ROWS = 64;

// GPUs that have the registers and the width for tiles of 64; integrated ones of the same vendors
// lose little by them.
const wideVendors = new Set(['nvidia', 'amd', 'apple']);
const WORKGROUPS_TO_FILL = 128;

/**
 * The variant that is likely to be the quickest.
 *
 * @param half - whether factors may be rounded to f16; by default not
 */
export function chooseProduct(
  sizes: ProductSizes,
  device: KernelDevice,
  half = false,
): ProductVariant {
  const { batch = 1, rows, columns } = sizes;
  if (device.software) return 'software';
  if (rows <= MOST_FEW_ROWS && batch * rows * columns <= MOST_FEW_ROWS * 4096) return 'few-rows';
  if (findSubgroupMatrix(device, half) !== undefined) return 'subgroup-matrix';
  const tiles = batch * Math.ceil(rows / 64) * Math.ceil(columns / 64);
  return wideVendors.has(device.vendor) && tiles >= WORKGROUPS_TO_FILL ? 'tiled-64' : 'tiled-32';
}
