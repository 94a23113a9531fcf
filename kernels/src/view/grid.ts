import type { KernelDevice } from '../kernel.ts';
import { spreadWorkgroups } from '../specialize.ts';

/** Sizes of a grid whose invocations each do one of `steps`. */
export interface StepGrid {
  readonly constants: { readonly STEPS: number; readonly WORKGROUP_SIZE: number };
  readonly workgroups: readonly [number, number, number];
}

/**
 * A grid for shaders that number their steps as
 * `(group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane` and return from `STEPS` on.
 *
 * A rasteriser on the CPU pays for every workgroup, so it gets the largest.
 */
export function stepGrid(steps: number, device: KernelDevice): StepGrid {
  const largest = Math.min(device.workgroupInvocations, device.workgroupSizeX);
  const preferred = device.software ? 256 : 64;
  const size = Math.min(preferred, largest);
  return {
    constants: { STEPS: steps, WORKGROUP_SIZE: size },
    workgroups: spreadWorkgroups(
      Math.max(1, Math.ceil(steps / size)),
      device.workgroupsPerDimension,
    ),
  };
}
