import type { Kernel, KernelDevice } from '../kernel.ts';
import { groupRows, rowPerInvocation } from '../rows/row-groups.ts';
import { specialize } from '../specialize.ts';
import { source as rowSource } from './softmax-row.wgsl.ts';
import { source as groupSource } from './softmax.wgsl.ts';

export interface SoftmaxOptions {
  readonly rows: number;
  readonly width: number;
  /** Where x begins, in elements. @defaultValue 0 */
  readonly offset?: number;
  /** From one row of x to the next, in elements. @defaultValue width */
  readonly rowStride?: number;
}

/**
 * Softmax of each row of x. Bindings: x `[rows, width]`, y `[rows, width]`, dense but for x.
 */
export function softmaxKernel(options: SoftmaxOptions, device: KernelDevice): Kernel {
  const { rows, width, offset = 0, rowStride = width } = options;
  const aligned = [width, offset, rowStride].every((distance) => distance % 4 === 0);
  const perInvocation = device.software && aligned;
  const { valueWidth, constants, workgroups } = perInvocation
    ? rowPerInvocation(rows, width, device)
    : groupRows(rows, width, aligned, device);
  const types = { Value: valueWidth === 4 ? 'vec4<f32>' : 'f32' };
  const bytes = rows * width * 4;
  return {
    label: `softmax ${rows}x${width}`,
    source: perInvocation ? rowSource : specialize(groupSource, { types }),
    constants: {
      ...constants,
      ...(perInvocation ? {} : { LANE_SHARE: valueWidth / 4 }),
      X_OFFSET: offset / valueWidth,
      X_STRIDE: rowStride / valueWidth,
    },
    bindings: [
      { name: 'x', access: 'read', bytes: (offset + (rows - 1) * rowStride + width) * 4 },
      { name: 'y', access: 'read-write', bytes },
    ],
    workgroups,
    flops: 5 * rows * width,
  };
}
