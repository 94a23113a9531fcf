import type { KernelDevice, SubgroupMatrixConfiguration } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { source } from './subgroup-matrix.wgsl.ts';

export interface SubgroupMatrixKernel {
  readonly source: string;
  readonly features: readonly string[];
}

// As in the shader.
const TILE = 64;
const TILE_DEPTH = 32;
const QUARTER = 32;
const PAD = 8;
const INVOCATIONS = 128;
const SUBGROUP_SIZE = 32;

/**
 * The matrices of a device that `subgroup-matrix.wgsl` can use: sums in f32, sizes that divide its
 * tile, and subgroups of 32, of which it wants four.
 *
 * @param half - whether the factors may be rounded to f16, as where weights are stored so
 * @returns undefined where the device has none
 */
export function findSubgroupMatrix(
  device: KernelDevice,
  half: boolean,
): SubgroupMatrixConfiguration | undefined {
  const { subgroupMinSize, subgroupMaxSize, workgroupInvocations } = device;
  const fits = subgroupMinSize === SUBGROUP_SIZE && subgroupMaxSize === SUBGROUP_SIZE;
  if (!fits || workgroupInvocations < INVOCATIONS) return undefined;
  const types = half && device.float16 ? ['f16', 'f32'] : ['f32'];
  return types
    .flatMap((type) => device.subgroupMatrices.filter((entry) => entry.componentType === type))
    .find(
      (entry) =>
        entry.resultComponentType === 'f32' &&
        [entry.M, entry.N, entry.K].every((size) => QUARTER % size === 0 && size % 4 === 0) &&
        storageOf(entry) <= device.workgroupStorage,
    );
}

/** The shader for matrices of this kind. */
export function subgroupMatrixKernel({
  componentType,
  M,
  N,
  K,
}: SubgroupMatrixConfiguration): SubgroupMatrixKernel {
  const isHalf = componentType === 'f16';
  return {
    source: specialize(source, {
      constants: { MATRIX_ROWS: M, MATRIX_COLUMNS: N, MATRIX_DEPTH: K },
      ...(isHalf && { types: { Element: 'f16' } }),
    }),
    features: [
      'chromium-experimental-subgroup-matrix',
      'subgroups',
      ...(isHalf ? ['shader-f16'] : []),
    ],
  };
}

function storageOf({ componentType, M, N }: SubgroupMatrixConfiguration): number {
  const bytes = componentType === 'f16' ? 2 : 4;
  const factors = (TILE * (TILE_DEPTH + PAD) + TILE_DEPTH * (TILE + PAD)) * bytes;
  return factors + 4 * M * N * 4;
}
