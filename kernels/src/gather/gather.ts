import type { Kernel, KernelDevice } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { stepGrid } from '../view/grid.ts';
import { source } from './gather.wgsl.ts';

export interface GatherOptions {
  /** Of the table. */
  readonly rows: number;
  /** Elements of a row: all axes of the table but the first. */
  readonly width: number;
  /** How many indices there are. */
  readonly indices: number;
  /** Where table and indices begin, in elements. @defaultValue 0 */
  readonly tableOffset?: number;
  readonly indexOffset?: number;
}

/**
 * Rows of a table by index; indices outside are clamped. Bindings: table `[rows, width]` of f32 or
 * i32, indices (i32), y `[indices, width]`.
 */
export function gatherKernel(options: GatherOptions, device: KernelDevice): Kernel {
  const { rows, width, indices, tableOffset = 0, indexOffset = 0 } = options;
  const unit = width % 4 === 0 && tableOffset % 4 === 0 ? 4 : 1;
  const grid = stepGrid((indices * width) / unit, device);
  return {
    label: `gather ${indices} of ${rows}x${width}`,
    source: specialize(source, { types: { Value: unit === 4 ? 'vec4<u32>' : 'u32' } }),
    constants: {
      ...grid.constants,
      WIDTH: width / unit,
      ROWS: rows,
      TABLE_OFFSET: tableOffset / unit,
      INDEX_OFFSET: indexOffset,
    },
    bindings: [
      { name: 'table', access: 'read', bytes: (tableOffset + rows * width) * 4 },
      { name: 'indices', access: 'read', bytes: (indexOffset + indices) * 4 },
      { name: 'y', access: 'read-write', bytes: indices * width * 4 },
    ],
    workgroups: grid.workgroups,
    flops: 0,
  };
}
